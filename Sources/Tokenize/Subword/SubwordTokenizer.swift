/// A whole subword tokenizer: normaliser, cutter, model, special tokens, decoder. It is an immutable
/// value; `subword.tokenize@1` and `subword.encode@1` run it on a stream.
///
///     let tokenizer = try SubwordTokenizer(contentsOf: bytes, file: "tokenizer.json")
///     let ids = try tokenizer.encode("Hello, world!")
///     let text = try tokenizer.decode(ids)
///
/// Ids and offsets are those of Hugging Face's `tokenizers`, and the pieces of a SentencePiece model
/// those of `spm_encode`; the goldens of the tests come from these.
public struct SubwordTokenizer: Sendable {
  let added: AddedTokens
  let normalizer: (any TextNormalizer)?
  let preTokenizer: (any PreTokenizer)?
  let model: SubwordModel
  let postProcessors: [PostProcessor]
  /// nil: tokens are joined by spaces.
  let decoders: [TokenDecoder]?
  let truncation: Truncation?
  let padding: Padding?
  /// Whether a step needs to know where its text began in the record.
  let needsOffsets: Bool

  init(
    added: AddedTokens, normalizer: (any TextNormalizer)?, preTokenizer: (any PreTokenizer)?,
    model: SubwordModel, postProcessors: [PostProcessor] = [], decoders: [TokenDecoder]?,
    truncation: Truncation? = nil, padding: Padding? = nil, needsOffsets: Bool = false
  ) {
    self.added = added
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.model = model
    self.postProcessors = postProcessors
    self.decoders = decoders
    self.truncation = truncation
    self.padding = padding
    self.needsOffsets = needsOffsets
  }

  /// Reads a tokenizer: a Hugging Face `tokenizer.json`, or a SentencePiece model.
  /// - Parameter file: its name, for messages.
  /// - Throws: `TokenizeError.malformedTokenizer`, which names the place; `.invalidPattern`.
  public init(contentsOf bytes: [UInt8], file: String) throws {
    let first = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    self =
      first == UInt8(ascii: "{")
      ? try HFTokenizerReader(bytes, file: file).tokenizer()
      : try SentencePieceReader(bytes, file: file).tokenizer()
  }

  /// One more than the highest id.
  public var idBound: Int { max(model.tokens.idBound, added.idBound) }

  /// The text of an id as the vocabulary has it; nil where no token has the id.
  public func text(of id: Int32) -> ArraySlice<UInt8>? {
    if let token = added[id] { return token.content[...] }
    return model.tokens.text(id)
  }

  /// The id of a token's text; nil where there is none.
  public func id(of text: some Sequence<UInt8>) -> Int32? {
    let text = Array(text)
    if let id = added.id(of: text) { return id }
    let id = model.tokens.id(of: text)
    return id < 0 ? nil : id
  }

  /// How many special tokens every record gets.
  var specialCount: Int {
    postProcessors.reduce(0) { sum, step in
      guard case .template(let parts) = step else { return sum }
      return parts.reduce(sum) {
        guard case .special(let ids) = $1 else { return $0 }
        return $0 + ids.count
      }
    }
  }

  /// The ids of one text. A stage is faster for many: it keeps its memory and its cache.
  public func encode(_ text: String, addsSpecialTokens: Bool = true) throws -> [Int32] {
    var encoder = SubwordEncoder(
      self, addsSpecialTokens: addsSpecialTokens, tracksOffsets: false)
    try Array(text.utf8).withUnsafeBufferPointer { try encoder.encode($0) }
    return encoder.encoding.pieces.items.map(\.id)
  }

  /// The text that ids stand for; ids that no token has are left out.
  ///
  /// The bytes are well-formed UTF-8: what the tokens leave malformed becomes U+FFFD.
  /// - Throws: `TokenizeError.textTooLong`; `.icu` for a pattern that takes too long.
  public func decode(
    _ ids: some Sequence<Int32>, skipsSpecialTokens: Bool = true
  ) throws -> String {
    let tokens = ids.compactMap { id -> [UInt8]? in
      guard let text = text(of: id).map(Array.init) else { return nil }
      return skipsSpecialTokens && added.isSpecial(text) ? nil : text
    }
    guard let decoders else {
      return String(decoding: Array(tokens.joined(separator: [0x20])), as: UTF8.self)
    }
    let context = EncodingContext(tracksOffsets: false)
    context.longestText = EncodingContext.longestText(for: tokens.reduce(0) { $0 + $1.count })
    let decoded = try decoders.reduce(tokens) { try $1.apply(to: $0, context) }
    return String(decoding: decoded.flatMap(\.self), as: UTF8.self)
  }
}
