/// How a byte-pair encoding is learnt.
public struct BPETrainingOptions: Codable, Hashable, Sendable {
  /// What words are made of before any merge.
  public enum Alphabet: String, Codable, Hashable, Sendable, CaseIterable {
    /// The 256 bytes: no text is unknown. Words are cut by the pattern of GPT-2.
    case bytes
    /// The characters of the training data; others are `<unk>`. A space is U+2581 at the start of a
    /// word.
    case characters
  }

  public var alphabet: Alphabet
  /// How many tokens there are in the end, special ones included, if the data has so many.
  public var vocabularySize: Int
  /// Pairs that are seen less often are not merged.
  public var minFrequency: Int
  /// Tokens with the first ids, which are found in text as they stand.
  public var specialTokens: [String]

  public init(
    alphabet: Alphabet = .bytes, vocabularySize: Int = 8192, minFrequency: Int = 2,
    specialTokens: [String] = []
  ) {
    self.alphabet = alphabet
    self.vocabularySize = vocabularySize
    self.minFrequency = minFrequency
    self.specialTokens = specialTokens
  }
}
