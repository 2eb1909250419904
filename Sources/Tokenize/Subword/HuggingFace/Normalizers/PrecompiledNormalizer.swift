/// `Precompiled`: SentencePiece's rules as Hugging Face's library applies them, grapheme by grapheme
/// where a grapheme has fewer than 6 bytes, else scalar by scalar.
struct PrecompiledNormalizer: TextNormalizer {
  let map: CharacterMap

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) throws {
    if isUnchanged(text) { return }
    context.changes.removeAll(keepingCapacity: true)
    var isChanged = false
    try text.bytes.withUnsafeBufferPointer { bytes in
      var changes = Changes(
        map: map, bytes: bytes, limit: context.longestText, items: context.changes)
      context.changes = []
      try context.graphemes.find(in: bytes) { start, end, _ in changes.add(start..<end) }
      isChanged = changes.isChanged
      context.changes = changes.items
    }
    try context.check(growth: context.changes.count)
    guard isChanged else { return }
    context.output.transform(text, by: context.changes)
    swap(&text, &context.output)
  }

  /// Whether the text is ASCII that no rule can change, as most ASCII is.
  private func isUnchanged(_ text: borrowing AlignedText) -> Bool {
    map.isPlain.withUnsafeBufferPointer { isPlain in
      text.bytes.withUnsafeBufferPointer { bytes in
        for byte in bytes where !isPlain[Int(byte)] { return false }
        return true
      }
    }
  }

  private struct Changes {
    let map: CharacterMap
    let bytes: UnsafeBufferPointer<UInt8>
    /// Past so many changes nothing more is added.
    let limit: Int
    var items: [ScalarChange]
    var isChanged = false

    mutating func add(_ grapheme: Range<Int>) {
      guard items.count <= limit else { return }
      if grapheme.count < 6, let match = map.shortestMatch(in: bytes, grapheme) {
        return replace(grapheme, by: map[match])
      }
      var i = grapheme.lowerBound
      while i < grapheme.upperBound {
        let (scalar, end) = UTF8Step.scalar(at: i, in: bytes)
        if let match = map.shortestMatch(in: bytes, i..<end) {
          replace(i..<end, by: map[match])
        } else {
          items.append(ScalarChange(scalar: scalar, change: 0))
        }
        i = end
      }
    }

    private mutating func replace(_ range: Range<Int>, by replacement: ArraySlice<UInt8>) {
      isChanged = true
      let before = items.count
      replacement.withUnsafeBufferPointer { text in
        var i = 0
        while i < text.count {
          let (scalar, end) = UTF8Step.scalar(at: i, in: text)
          items.append(ScalarChange(scalar: scalar, change: 0))
          i = end
        }
      }
      let old = range.reduce(0) { $0 + (bytes[$1] & 0xC0 == 0x80 ? 0 : 1) }
      let difference = items.count - before - old
      if difference > 0 {
        for i in items.indices.suffix(difference) { items[i].change = 1 }
      } else if difference < 0, !items.isEmpty {
        items[items.count - 1].change += difference
      }
    }
  }
}
