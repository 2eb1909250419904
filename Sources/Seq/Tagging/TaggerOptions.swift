public import Pipeline

/// The architecture of a `RecurrentTagger`.
public struct TaggerOptions: StageOptions {
  /// How the scores of the tokens become tags.
  public enum Decoder: String, Codable, Sendable, Hashable, CaseIterable {
    /// Each token has a distribution of its own.
    case softmax
    /// A conditional random field over the sentence.
    case crf
  }

  /// `rnn`, `rnn-relu`, `lstm` or `gru`.
  public var cell = "lstm"
  /// H: units of a hidden state, in each direction.
  public var hidden = 128
  /// D: numbers per embedded word.
  public var embedding = 64
  public var layers = 1
  public var bidirectional = true
  /// Numbers per embedded character, and units of a hidden state of the network that spells, in each
  /// direction; 0 units: words are not spelled.
  public var characterEmbedding = 24
  public var characterHidden = 32
  public var decoder = Decoder.crf
  /// Which tags may follow which.
  public var scheme = TagScheme.none
  /// Longer sentences are cut into pieces of so many tokens.
  public var maximumLength = 512
  /// V: the number of words, and C: of characters.
  public var symbols = 0
  public var characters = 0
  /// The word that stands for those that the vocabulary lacks.
  public var unknown = 0

  public init() {}

  static let descriptors: [OptionDescriptor] = [
    OptionDescriptor("cell", "the recurrent cell", choices: Cells.all.map(\.name)),
    OptionDescriptor("hidden", "units of a hidden state in each direction (H)"),
    OptionDescriptor("embedding", "numbers per embedded word (D)"),
    OptionDescriptor("layers", "recurrent layers, one above the other"),
    OptionDescriptor("bidirectional", "whether each layer also runs backwards"),
    OptionDescriptor("characterEmbedding", "numbers per embedded character"),
    OptionDescriptor(
      "characterHidden", "units of the network over characters, in each direction; 0 for none"),
    OptionDescriptor(
      "decoder", "how scores become tags", choices: Decoder.allCases.map(\.rawValue)),
    OptionDescriptor(
      "scheme", "which tags may follow which", choices: TagScheme.allCases.map(\.rawValue)),
    OptionDescriptor("maximumLength", "longer sentences are cut into pieces of so many tokens"),
    OptionDescriptor("symbols", "size of the vocabulary of words (V)"),
    OptionDescriptor("characters", "size of the vocabulary of characters (C)"),
    OptionDescriptor("unknown", "the word that stands for unknown ones"),
  ]

  /// Whether words are spelled.
  var spells: Bool { characterHidden > 0 }

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`, `SeqError.unknownName`.
  public func validate() throws {
    _ = try Cells.named(cell)
    for (name, value, range) in [
      ("hidden", hidden, 1...1 << 14), ("embedding", embedding, 1...1 << 14),
      ("layers", layers, 1...64), ("characterEmbedding", characterEmbedding, 1...1 << 14),
      ("characterHidden", characterHidden, 0...1 << 14),
      ("maximumLength", maximumLength, 1...1 << 24), ("symbols", symbols, 1...1 << 26),
      ("characters", characters, (spells ? 1 : 0)...1 << 24),
      ("unknown", unknown, 0...max(1, symbols) - 1),
    ] where !range.contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)",
        reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
