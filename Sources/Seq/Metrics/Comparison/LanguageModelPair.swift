import Glibc
public import Pipeline

/// Two language models' scores of the same records.
public struct LanguageModelPair: PairedFigures {
  public static let names = [
    (name: "loss", isBetterWhenHigher: false), (name: "perplexity", isBetterWhenHigher: false),
    (name: "bits_per_byte", isBetterWhenHigher: false),
  ]

  private let a: ScoreChunk
  private let b: ScoreChunk
  /// The bytes of each record, its end counted as one.
  private let byteCounts: [Int]

  /// - Precondition: both have one score for each of the N records.
  public init(_ a: ScoreChunk, _ b: ScoreChunk, byteCounts: [Int]) {
    precondition(
      a.count == byteCounts.count && b.count == byteCounts.count,
      "one score of each model for each record")
    (self.a, self.b, self.byteCounts) = (a, b, byteCounts)
  }

  public var count: Int { byteCounts.count }

  /// Whether both cut every record into as many symbols. Where they do not, loss and perplexity,
  /// which are per symbol, say nothing about which is better.
  public var hasEqualSymbols: Bool { a.symbolCounts == b.symbolCounts }

  /// Loss in nats and perplexity per symbol, and bits per byte, each of all records as one text.
  public func values(of records: [Int32]) -> (a: [Double], b: [Double]) {
    let bytes = records.reduce(0) { $0 + byteCounts[Int($1)] }
    return (Self.figures(a, records, bytes: bytes), Self.figures(b, records, bytes: bytes))
  }

  private static func figures(
    _ scores: ScoreChunk, _ records: [Int32], bytes: Int
  ) -> [Double] {
    var (sum, symbols) = (0.0, 0)
    for i in records {
      sum -= scores.logProbabilities[Int(i)]
      symbols += scores.symbolCounts[Int(i)]
    }
    let loss = sum / Double(max(1, symbols))
    return [loss, exp(loss), sum / log(2) / Double(max(1, bytes))]
  }
}
