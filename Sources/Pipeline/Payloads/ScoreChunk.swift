/// How probable a language model finds each of N records.
public struct ScoreChunk: Payload {
  public static var kind: PayloadKind { .scores }

  /// The natural logarithm of the probability of each record.
  public var logProbabilities: [Double]
  /// How many symbols of each record were predicted.
  public var symbolCounts: [Int]

  /// N records of probability 1 and no symbols.
  public init(count: Int = 0) {
    logProbabilities = [Double](repeating: 0, count: count)
    symbolCounts = [Int](repeating: 0, count: count)
  }

  public var count: Int { logProbabilities.count }
}
