public import Pipeline

/// Records with the classes to learn.
public struct ClassifierExamples: Sendable {
  /// N records.
  public var ids: IDChunk
  /// For each record its class, or -1 where only `distributions` says.
  public var labels: [Int32]
  /// Soft labels, `[N, K]`, in place of the labels: a teacher's probabilities (Hinton, Vinyals and
  /// Dean, 2015).
  public var distributions: Tensor<Float>?

  public init(ids: IDChunk, labels: [Int32], distributions: Tensor<Float>? = nil) {
    self.ids = ids
    self.labels = labels
    self.distributions = distributions
  }

  /// N.
  public var count: Int { labels.count }

  /// The class distributions of some records, `[n, K]`.
  func targets(_ records: [Int], classCount: Int) -> Tensor<Float> {
    var q = Tensor<Float>(zeros: [records.count, classCount])
    for (n, record) in records.enumerated() {
      if let distributions {
        for k in 0..<classCount { q[n, k] = distributions[record, k] }
      } else {
        q[n, Int(labels[record])] = 1
      }
    }
    return q
  }
}
