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
    isPlain = (0...255).map { byte in
      byte < 0x80 && map?.isPlain[byte] ?? true && symbols?.node(of: [UInt8(byte)]) ?? -1 < 0
    }
  }

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) {
    context.output.removeAll()
    text.bytes.withUnsafeBufferPointer { bytes in
      var i = removesExtraSpaces ? firstNonSpace(bytes) : 0
      guard i < bytes.count else { return }
      if addsPrefix, !spaceIsSuffix { context.output.append(space, as: text, i) }
      var isAfterSpace = removesExtraSpaces
      while i < bytes.count {
        let end = copyPlain(text, bytes, from: i, &isAfterSpace, &context.output)
        if end > i {
          i = end
          continue
        }
        let unit = unit(at: i, in: bytes)
        append(unit, of: text, at: i, &isAfterSpace, &context.output)
        i += unit.length
      }
      if removesExtraSpaces { dropTrailingSpaces(&context.output) }
      if addsPrefix, spaceIsSuffix { context.output.append(space, as: text, bytes.count - 1) }
    }
    swap(&text, &context.output)
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

  /// Copies plain ASCII in one go, single spaces too.
  /// - Returns: where it ends.
  private func copyPlain(
    _ text: borrowing AlignedText, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int,
    _ isAfterSpace: inout Bool, _ output: inout AlignedText
  ) -> Int {
    isPlain.withUnsafeBufferPointer { isPlain in
      var run = start
      var i = start
      while i < bytes.count, isPlain[Int(bytes[i])], i + 1 == bytes.count || bytes[i + 1] < 0x80 {
        if bytes[i] == 0x20 {
          if isAfterSpace { break }
          output.append(text, run..<i)
          output.append(space, as: text, i)
          run = i + 1
          isAfterSpace = removesExtraSpaces
        } else {
          isAfterSpace = false
        }
        i += 1
      }
      if i > run { output.append(text, run..<i) }
      return i
    }
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
