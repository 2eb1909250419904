/// SentencePiece's normaliser: user-defined symbols stay as they are, the longest rule applies
/// elsewhere, extra spaces go, and spaces become U+2581.
struct SentencePieceNormalizer: TextNormalizer {
  let map: CharacterMap?
  /// User-defined symbols.
  let symbols: ByteTrie?
  let addsPrefix: Bool
  let removesExtraSpaces: Bool
  let escapesSpaces: Bool
  let spaceIsSuffix: Bool
  private let space: [UInt8]
  /// What no rule changes; nil where a symbol may stand anywhere.
  private let unchanged: UnchangedScalars?
  /// Whether each byte value stays as it is where an ASCII character or nothing follows.
  private let isPlain: [Bool]

  init(
    map: CharacterMap?, symbols: ByteTrie?, addsPrefix: Bool, removesExtraSpaces: Bool,
    escapesSpaces: Bool, spaceIsSuffix: Bool
  ) {
    self.map = map
    self.symbols = symbols
    self.addsPrefix = addsPrefix
    self.removesExtraSpaces = removesExtraSpaces
    self.escapesSpaces = escapesSpaces
    self.spaceIsSuffix = spaceIsSuffix
    space = escapesSpaces ? Metaspace.bytes : [0x20]
    unchanged = symbols == nil ? map?.unchanged ?? UnchangedScalars(nil) : nil
    isPlain = (0...255).map { byte in
      byte < 0x80 && map?.isPlain[byte] ?? true && symbols?.node(of: [UInt8(byte)]) ?? -1 < 0
    }
  }

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) throws {
    // Taken out of the shared object while it grows: every change there would be checked.
    var output = AlignedText(tracksOffsets: false)
    swap(&output, &context.output)
    output.removeAll()
    text.bytes.withUnsafeBufferPointer {
      rewrite(text, $0, limit: context.longestText, into: &output)
    }
    swap(&text, &output)
    context.output = output
    try context.check(growth: text.bytes.count)
  }

  private func rewrite(
    _ text: borrowing AlignedText, _ bytes: UnsafeBufferPointer<UInt8>, limit: Int,
    into output: inout AlignedText
  ) {
    var i = removesExtraSpaces ? firstNonSpace(bytes) : 0
    guard i < bytes.count else { return }
    if addsPrefix, !spaceIsSuffix { output.append(space, as: text, i) }
    var isAfterSpace = removesExtraSpaces
    while i < bytes.count, output.bytes.count <= limit {
      let end = copyPlain(text, bytes, from: i, &isAfterSpace, &output)
      if end > i {
        i = end
        continue
      }
      let unit = unit(at: i, in: bytes)
      append(unit, of: text, at: i, &isAfterSpace, &output)
      i += unit.length
    }
    if removesExtraSpaces { dropTrailingSpaces(&output) }
    if addsPrefix, spaceIsSuffix { output.append(space, as: text, bytes.count - 1) }
  }

  /// What the text at one place becomes: `replacement`, or itself where that is nil.
  private struct Unit {
    var length: Int
    var replacement: Range<Int>?
  }

  private func unit(at i: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Unit {
    if let symbol = symbols?.longestPrefix(of: bytes, from: i) {
      return Unit(length: symbol.end - i)
    }
    if let match = map?.longestMatch(in: bytes, from: i) {
      return Unit(length: match.length, replacement: match.replacement)
    }
    return Unit(length: UTF8Step.length(bytes[i]))
  }

  private func firstNonSpace(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var i = 0
    while i < bytes.count {
      let unit = unit(at: i, in: bytes)
      let isSpace =
        if let replacement = unit.replacement {
          map?[replacement].elementsEqual(CollectionOfOne(0x20)) ?? false
        } else {
          unit.length == 1 && bytes[i] == 0x20
        }
      if !isSpace { break }
      i += unit.length
    }
    return i
  }

  /// Copies what stays as it is in one go, single spaces too.
  /// - Returns: where it ends.
  private func copyPlain(
    _ text: borrowing AlignedText, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int,
    _ isAfterSpace: inout Bool, _ output: inout AlignedText
  ) -> Int {
    var i = start
    while i < bytes.count {
      let end = endOfPlainWord(from: i, in: bytes)
      if end > i {
        output.append(text, i..<end)
        isAfterSpace = false
        i = end
      }
      guard i < bytes.count, bytes[i] == 0x20, !isAfterSpace, keepsSpace(at: i, in: bytes) else {
        break
      }
      output.append(space, as: text, i)
      isAfterSpace = removesExtraSpaces
      i += 1
    }
    return i
  }

  /// Where the run of what stays as it is ends, or the space before that.
  @inline(__always)
  private func endOfPlainWord(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    if let unchanged { return unchanged.endOfWord(from: start, in: bytes) }
    return isPlain.withUnsafeBufferPointer { isPlain in
      var i = start
      while i < bytes.count, bytes[i] != 0x20, isPlain[Int(bytes[i])],
        i + 1 == bytes.count || bytes[i + 1] < 0x80
      {
        i += 1
      }
      return i
    }
  }

  private func keepsSpace(at i: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if let unchanged { return unchanged.keepsSpace(at: i, in: bytes) }
    return isPlain[0x20] && (i + 1 == bytes.count || bytes[i + 1] < 0x80)
  }

  private func append(
    _ unit: Unit, of text: borrowing AlignedText, at i: Int, _ isAfterSpace: inout Bool,
    _ output: inout AlignedText
  ) {
    let source = i..<i + unit.length
    var piece = unit.replacement.map { map?[$0] ?? [] } ?? text.bytes[source]
    while isAfterSpace, piece.first == 0x20 { piece = piece.dropFirst() }
    if let last = piece.last {
      for byte in piece {
        if byte == 0x20, escapesSpaces {
          output.append(Metaspace.bytes, covering: source, of: text)
        } else {
          output.append(CollectionOfOne(byte), covering: source, of: text)
        }
      }
      isAfterSpace = last == 0x20
    }
    if !removesExtraSpaces { isAfterSpace = false }
  }

  private func dropTrailingSpaces(_ output: inout AlignedText) {
    var end = output.bytes.count
    let space = space
    while end >= space.count, output.bytes[(end - space.count)..<end].elementsEqual(space) {
      end -= space.count
    }
    if end < output.bytes.count { output.keep(0..<end) }
  }
}
