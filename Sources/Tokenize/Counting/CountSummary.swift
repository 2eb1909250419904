/// What a count file or a vocabulary file holds, in figures. Memory does not grow with the file,
/// but with the number of distinct counts.
public struct CountSummary: Sendable, Hashable {
  /// How many tokens have the count 0: the special tokens of a vocabulary file.
  public private(set) var specialTokens = 0
  /// Distinct tokens, special ones left out.
  public private(set) var types = 0
  /// The sum of all counts.
  public private(set) var tokens: UInt64 = 0
  /// Distinct tokens that were seen once.
  public private(set) var once = 0
  /// The largest count.
  public private(set) var mostFrequent: UInt64 = 0
  /// The bytes of the longest token.
  public private(set) var longestToken = 0
  /// Whether tokens ascend by their bytes, as in a count file.
  public private(set) var isSortedByBytes = true

  private var histogram: [UInt64: Int] = [:]

  /// - Throws: `TokenizeError.malformedCounts`; `PipelineError.cannotOpen`, `.cannotRead`.
  public init(file: String) throws {
    let reader = try CountReader(file: file, order: .any)
    var previous: [UInt8] = []
    while try reader.advance() {
      if reader.line > 1, !TokenOrder.precedes(previous, reader.token) { isSortedByBytes = false }
      previous.removeAll(keepingCapacity: true)
      previous += reader.token
      longestToken = max(longestToken, reader.token.count)
      try add(reader.count, token: reader.token)
    }
  }

  private mutating func add(_ count: UInt64, token: [UInt8]) throws {
    if count == 0 {
      specialTokens += 1
      return
    }
    let (sum, overflow) = tokens.addingReportingOverflow(count)
    guard !overflow else { throw TokenizeError.countOverflow(token: token) }
    tokens = sum
    types += 1
    once += count == 1 ? 1 : 0
    mostFrequent = max(mostFrequent, count)
    histogram[count, default: 0] += 1
  }

  /// The least number of types whose counts make up that share (0 to 1) of all tokens.
  public func types(covering share: Double) -> Int {
    let wanted = share * Double(tokens)
    var covered = 0.0
    var types = 0
    for (count, number) in histogram.sorted(by: { $0.key > $1.key }) {
      let missing = wanted - covered
      if missing <= 0 { break }
      let needed = min(Double(number), (missing / Double(count)).rounded(.up))
      types += Int(needed)
      covered += needed * Double(count)
    }
    return types
  }
}
