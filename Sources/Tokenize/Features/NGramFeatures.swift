public import Pipeline

/// Adds to every record its bag of n-grams: features for a wide (linear) part of a model.
///
/// A record of tokens t1 ... tm stands as `begin t1 ... tm end`, tokens folded on request
/// (`TextFolder`). Its features are all n-grams, `minimum` <= n <= `maximum`, that end at a token or
/// at the end mark, in the order of (position of the last symbol, n); the begin mark alone is none.
/// Only n-grams seen at least `minCount` times in fitting have an id: 0 ..< F in the order of (n,
/// bytes). Tokens pass through.
///
/// Cost: at most `maximum` look-ups of integers per position; a token is folded once and remembered.
public struct NGramFeatures: FittableStage {
  public struct Options: StageOptions {
    public var minimum: Int
    public var maximum: Int
    /// N-grams seen less often in fitting are no features.
    public var minCount: Int
    /// At most this many features, the most frequent; 0 for no limit.
    public var maxSize: Int
    /// Whether tokens are folded: lower case, NFKD, marks dropped.
    public var fold: Bool

    public init() { self.init(minimum: 1) }
    public init(
      minimum: Int = 1, maximum: Int = 4, minCount: Int = 2, maxSize: Int = 0, fold: Bool = true
    ) {
      self.minimum = minimum
      self.maximum = maximum
      self.minCount = minCount
      self.maxSize = maxSize
      self.fold = fold
    }
  }

  public static let descriptor = StageDescriptor(
    id: "features.ngrams@1", summary: "Add the n-grams of tokens as features", input: .tokens,
    output: .tokens,
    options: [
      OptionDescriptor("minimum", "The least n"),
      OptionDescriptor("maximum", "The largest n, at most \(longestGram)"),
      OptionDescriptor("minCount", "Leave out n-grams seen less often"),
      OptionDescriptor("maxSize", "Most features, the most frequent are kept; 0 for no limit"),
      OptionDescriptor("fold", "Fold tokens: lower case, NFKD, marks dropped"),
    ])

  private static let longestGram = 32
  private static let resource = "ngrams"

  public let options: Options
  private let table: NGramTable

  /// The number of features F.
  public var featureCount: Int { table.count }

  private init(options: Options, table: NGramTable) {
    self.options = options
    self.table = table
  }

  /// Reads the n-grams that `write(to:)` saved.
  /// - Throws: `TokenizeError.invalidOption`, `.malformedResource`.
  public init(options: Options, resources: ResourceReader) throws {
    try Self.check(options)
    self.options = options
    table = try NGramTable(
      encoded: resources.bytes(Self.resource), lengths: options.minimum...options.maximum,
      resource: Self.resource)
    guard options.maxSize == 0 || table.count <= options.maxSize else {
      throw TokenizeError.malformedResource(
        resource: Self.resource, offset: 0, reason: "more n-grams than maxSize")
    }
  }

  public static func fit(_ options: Options, on chunks: [TokenChunk]) throws -> NGramFeatures {
    try check(options)
    var counter = NGramCounter(options)
    for chunk in chunks { try counter.count(chunk) }
    return NGramFeatures(options: options, table: try counter.table())
  }

  public func write(to resources: inout ResourceWriter) throws {
    try resources.add(Self.resource, bytes: table.encoded)
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<TokenChunk, TokenChunk> {
    NGramRunner(table, options)
  }

  private static func check(_ options: Options) throws {
    let problem: (option: String, reason: String)? =
      if !(1...longestGram).contains(options.maximum) {
        ("maximum", "must be 1 to \(longestGram)")
      } else if !(1...options.maximum).contains(options.minimum) {
        ("minimum", "must be 1 to maximum")
      } else if options.minCount < 1 {
        ("minCount", "must be at least 1")
      } else if options.maxSize < 0 {
        ("maxSize", "must be 0 or more")
      } else {
        nil
      }
    guard let problem else { return }
    throw TokenizeError.invalidOption(
      stage: descriptor.id, option: problem.option, reason: problem.reason)
  }
}
