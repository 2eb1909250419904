public import Pipeline

/// Turns tokens into ids by a `Vocabulary` learnt from the training data. Features and
/// spellings pass through.
public struct VocabularyStage: FittableStage {
  public struct Options: StageOptions {
    /// Pinned to ids 0, 1, ... in this order.
    public var specials: [String]
    /// Tokens seen less often in fitting are left out.
    public var minCount: Int
    /// At most this many tokens besides the special ones; 0 for no limit.
    public var maxSize: Int
    /// What becomes of a token that is not in the vocabulary.
    public var unknown: UnknownRule
    /// Whether `<end>` follows the last token of each record.
    public var appendEnd: Bool
    /// Under `unknown: hash`, the number of buckets.
    public var hashBuckets: Int

    public init() { self.init(minCount: 1) }
    public init(
      specials: [String] = [Vocabulary.unknownToken, Vocabulary.endToken], minCount: Int = 1,
      maxSize: Int = 0, unknown: UnknownRule = .unknown, appendEnd: Bool = false,
      hashBuckets: Int = 1024
    ) {
      self.specials = specials
      self.minCount = minCount
      self.maxSize = maxSize
      self.unknown = unknown
      self.appendEnd = appendEnd
      self.hashBuckets = hashBuckets
    }

    /// All tokens that stand before the learnt ones: the special ones and those of the rule.
    var pinned: [String] { specials + unknown.pinnedTokens(buckets: hashBuckets) }
  }

  public static let descriptor = StageDescriptor(
    id: "vocabulary@1", summary: "Turn tokens into ids by a learnt vocabulary", input: .tokens,
    output: .ids,
    options: [
      OptionDescriptor("specials", "Special tokens, pinned to the first ids"),
      OptionDescriptor("minCount", "Leave out tokens seen less often"),
      OptionDescriptor("maxSize", "Most tokens besides the special ones; 0 for no limit"),
      OptionDescriptor(
        "unknown", "What becomes of other tokens", choices: UnknownRule.allCases.map(\.rawValue)),
      OptionDescriptor("appendEnd", "End each record with <end>"),
      OptionDescriptor(
        "hashBuckets", "Under unknown=hash, the number of buckets", whenAbsent: 1024),
    ])

  public let options: Options
  public let vocabulary: Vocabulary

  private static let resource = "vocabulary"

  /// - Throws: `TokenizeError.invalidOption` where an option has no meaning, or where the vocabulary
  ///   lacks a special token that an option needs or does not begin with the special tokens.
  public init(options: Options, vocabulary: Vocabulary) throws {
    try Self.check(options)
    let pinned = (0..<vocabulary.specialCount).map { vocabulary.token(Int32($0)) }
    guard pinned == options.pinned.map({ Array($0.utf8)[...] }) else {
      throw Self.invalid("specials", "the vocabulary begins with other special tokens")
    }
    self.options = options
    self.vocabulary = vocabulary
  }

  /// Reads the vocabulary that `write(to:)` saved.
  public init(options: Options, resources: ResourceReader) throws {
    let vocabulary = try Vocabulary(
      encoded: resources.bytes(Self.resource), resource: Self.resource)
    try self.init(options: options, vocabulary: vocabulary)
  }

  public static func fit(_ options: Options, on chunks: [TokenChunk]) throws -> VocabularyStage {
    try check(options)
    let vocabulary = try Vocabulary(
      counting: chunks, specials: options.pinned, minCount: options.minCount,
      maxSize: options.maxSize)
    return try VocabularyStage(options: options, vocabulary: vocabulary)
  }

  public func write(to resources: inout ResourceWriter) throws {
    try resources.add(Self.resource, bytes: vocabulary.encoded)
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<TokenChunk, IDChunk> {
    VocabularyRunner(vocabulary, options)
  }

  private static func check(_ options: Options) throws {
    guard options.minCount >= 1 else { throw invalid("minCount", "must be at least 1") }
    guard options.maxSize >= 0 else { throw invalid("maxSize", "must be 0 or more") }
    guard (1...(1 << 24)).contains(options.hashBuckets) else {
      throw invalid("hashBuckets", "must be from 1 to 2^24")
    }
    let needsUnknown = options.unknown == .unknown || options.unknown == .fold
    for (isNeeded, token, option) in [
      (needsUnknown, Vocabulary.unknownToken, "unknown"),
      (options.appendEnd, Vocabulary.endToken, "appendEnd"),
    ] where isNeeded && !options.specials.contains(where: { $0.utf8.elementsEqual(token.utf8) }) {
      throw invalid(option, "needs \(token) among the special tokens")
    }
  }

  private static func invalid(_ option: String, _ reason: String) -> TokenizeError {
    .invalidOption(stage: descriptor.id, option: option, reason: reason)
  }
}
