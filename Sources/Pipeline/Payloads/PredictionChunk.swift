/// Class probabilities: one row of K per record.
public struct PredictionChunk: Payload {
  public static var kind: PayloadKind { .predictions }

  /// The K class names, in the model's order.
  public var labels: [String]
  /// Natural logarithms of the probabilities, row-major `[N, K]`.
  public var logProbabilities: [Float]

  public init(labels: [String], logProbabilities: [Float] = []) {
    self.labels = labels
    self.logProbabilities = logProbabilities
  }

  public var count: Int { labels.isEmpty ? 0 : logProbabilities.count / labels.count }

  /// The K log-probabilities of record `i`.
  public func row(_ i: Int) -> ArraySlice<Float> {
    logProbabilities[i * labels.count..<(i + 1) * labels.count]
  }
}
