/// Decodes the ids of a subword tokenizer, by the rules that it brings along.
public struct SubwordDecoder: IDDecoder {
  private let tokenizer: SubwordTokenizer
  public let idBound: Int
  /// The text of each id, where a text is that of its ids one after the other.
  private let texts: SeparateTexts?

  public init(_ tokenizer: SubwordTokenizer) {
    self.tokenizer = tokenizer
    idBound = tokenizer.idBound
    texts = SeparateTexts(of: tokenizer)
  }

  public func append(
    _ ids: ArraySlice<Int32>, skipsSpecials: Bool, to text: inout [UInt8]
  ) throws {
    guard let texts else {
      text += try tokenizer.decode(ids, skipsSpecialTokens: skipsSpecials).utf8
      return
    }
    let start = text.count
    for id in ids { texts.append(id, skipsSpecials: skipsSpecials, to: &text) }
    let isWellFormed = text.withUnsafeBufferPointer {
      UTF8Check.isWellFormed(UnsafeBufferPointer(rebasing: $0[start...]))
    }
    if !isWellFormed {
      text.replaceSubrange(start..., with: String(decoding: text[start...], as: UTF8.self).utf8)
    }
  }
}

/// What each id decodes to by itself. Only byte-level tokenizers have it: other rules look at a token's
/// place, or at its neighbours.
private struct SeparateTexts: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [UInt32] = [0]
  private var isSpecial: [Bool] = []

  /// A file may give a token any id: a table must not grow by what it says.
  private static let largestVocabulary = 1 << 22

  init?(of tokenizer: SubwordTokenizer) {
    guard let decoders = tokenizer.decoders, decoders.count == 1, case .byteLevel = decoders[0],
      tokenizer.idBound <= Self.largestVocabulary
    else { return nil }
    for id in 0..<Int32(tokenizer.idBound) {
      let token = tokenizer.text(of: id).map(Array.init) ?? []
      bytes += ByteAlphabet.decode(token) ?? token
      guard let end = UInt32(exactly: bytes.count) else { return nil }
      ends.append(end)
      isSpecial.append(tokenizer.added.isSpecial(token))
    }
  }

  @inline(__always)
  func append(_ id: Int32, skipsSpecials: Bool, to text: inout [UInt8]) {
    let id = Int(id)
    guard id >= 0, id < isSpecial.count, !(skipsSpecials && isSpecial[id]) else { return }
    text.append(contentsOf: bytes[Int(ends[id])..<Int(ends[id + 1])])
  }
}
