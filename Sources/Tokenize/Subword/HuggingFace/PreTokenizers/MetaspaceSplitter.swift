/// `Metaspace`: spaces become a visible scalar, a text may get one before it, and words are cut
/// before it.
struct MetaspaceSplitter: PreTokenizer {
  enum PrependScheme: String, Sendable, CaseIterable {
    case first, never, always
  }

  let replacement: [UInt8]
  let scheme: PrependScheme
  let splits: Bool

  func apply(to document: inout Document, _ context: EncodingContext) {
    document.rewrite(context) { text, split, output, splits in
      let range = Int(split.start)..<Int(split.end)
      let begin = output.bytes.count
      if prepends(to: text, range) { output.append(replacement, as: text, range.lowerBound) }
      append(text, range, to: &output)
      let end = output.bytes.count
      guard self.splits else { return splits.append(Split(begin, end)) }
      var start = begin
      var i = begin
      output.bytes.withUnsafeBufferPointer { bytes in
        while i < end {
          if stands(at: i, in: bytes) {
            if i > start { splits.append(Split(start, i)) }
            start = i
            i += replacement.count
          } else {
            i += 1
          }
        }
      }
      if end > start { splits.append(Split(start, end)) }
    }
  }

  /// Copies the text with every space replaced.
  private func append(_ text: AlignedText, _ range: Range<Int>, to output: inout AlignedText) {
    var start = range.lowerBound
    for i in range where text.bytes[i] == 0x20 {
      if i > start { output.append(text, start..<i) }
      output.append(replacement, as: text, i)
      start = i + 1
    }
    if range.upperBound > start { output.append(text, start..<range.upperBound) }
  }

  private func prepends(to text: AlignedText, _ range: Range<Int>) -> Bool {
    guard let first = range.first else { return false }
    let startsWithIt = text.bytes.withUnsafeBufferPointer {
      $0[first] == 0x20
        || stands(at: first, in: UnsafeBufferPointer(rebasing: $0[..<range.upperBound]))
    }
    switch scheme {
    case .never: return false
    case .always: return !startsWithIt
    case .first:
      let isAtStart = text.tracksOffsets ? text.starts[first] == 0 : first == 0
      return !startsWithIt && isAtStart
    }
  }

  @inline(__always)
  private func stands(at i: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard i + replacement.count <= bytes.count else { return false }
    return replacement.withUnsafeBufferPointer { key in
      for k in 0..<key.count where bytes[i + k] != key[k] { return false }
      return true
    }
  }
}
