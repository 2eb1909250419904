public import Pipeline

/// Inputs and expected outputs for a classifier, as another program computed them: `ids` `[N, T]`,
/// `lengths` `[N]`, perhaps `features` `[N, F]` filled up with -1, and `logits` or
/// `log_probabilities` `[N, K]`, or both. The names are those of the exported ONNX file.
public struct ClassifierCheck: Sendable {
  private let file: String
  private let chunk: IDChunk
  /// By name, `[N, K]` each.
  private let expected: [(name: String, values: [Double], shape: [Int])]

  /// - Parameter file: the file's name, for messages.
  /// - Throws: `SeqError.foreignWeights` where an array is missing or has a wrong type or shape.
  public init(_ arrays: [String: NPYArray], file: String) throws {
    self.file = file
    let reader = ArrayReader(arrays: arrays, file: file)
    let (ids, shape) = try reader.integers("ids", rank: 2)
    let (lengths, lengthShape) = try reader.integers("lengths", rank: 1)
    guard lengthShape[0] == shape[0], lengths.allSatisfy({ (0...shape[1]).contains($0) }) else {
      throw reader.fault("lengths must be \(shape[0]) numbers from 0 to \(shape[1])")
    }
    var chunk = IDChunk()
    for (n, length) in lengths.enumerated() {
      let row = ids[n * shape[1]..<n * shape[1] + length]
      chunk.ids += row.map { Int32(clamping: $0) }
      chunk.recordEnds.append(UInt32(clamping: chunk.ids.count))
    }
    if arrays["features"] != nil { chunk.features = try reader.features(count: shape[0]) }
    self.chunk = chunk
    expected = try ["logits", "log_probabilities"].compactMap { name in
      guard let array = arrays[name] else { return nil }
      guard let values = array.doubles, array.shape.count == 2, array.shape[0] == shape[0] else {
        throw reader.fault("\(name) must be floats of the shape [\(shape[0]), classes]")
      }
      return (name, values, array.shape)
    }
    guard !expected.isEmpty else {
      throw reader.fault("there is nothing to compare with (add logits or log_probabilities)")
    }
  }

  /// The largest absolute difference between what is expected and what the classifier gives; not a
  /// number where an expected value is none.
  /// - Throws: `SeqError.unusableData` for ids that the classifier does not have,
  ///   `SeqError.foreignWeights` where it has other classes, or features that were not given.
  public func largestDifference(of classifier: RecurrentClassifier) throws -> Double {
    if classifier.options.features > 0, chunk.features == nil {
      throw SeqError.foreignWeights(
        file: file, problem: "the model has features, but there is no array \"features\"")
    }
    let logits = try classifier.logits(chunk)
    var worst = 0.0
    for (name, values, shape) in expected {
      guard shape[1] == logits.columns else {
        throw SeqError.foreignWeights(
          file: file,
          problem: "\(name) has \(shape[1]) columns, but there are \(logits.columns) classes")
      }
      var found = logits
      if name != "logits" {
        Float.logSoftmax(found.mutablePointer, rows: found.rows, columns: found.columns)
      }
      let difference = ArrayReader.largestDifference(values, found.values)
      if !(difference <= worst) { worst = difference }
      if worst.isNaN { return worst }
    }
    return worst
  }
}

extension ArrayReader {
  /// Bags without the numbers below zero, which fill up.
  func features(count: Int) throws -> FeatureBags {
    let (values, shape) = try integers("features", rank: 2)
    guard shape[0] == count else { throw fault("features must have \(count) rows") }
    var bags = FeatureBags()
    for n in 0..<count {
      let row = values[n * shape[1]..<(n + 1) * shape[1]]
      bags.ids += row.filter { $0 >= 0 }.map { Int32(clamping: $0) }
      bags.recordEnds.append(UInt32(clamping: bags.ids.count))
    }
    return bags
  }
}

extension RecurrentClassifier {
  /// The logits of all records, `[N, K]`, in their order.
  /// - Throws: `SeqError.unusableData`.
  package func logits(_ chunk: IDChunk) throws -> Tensor<Float> {
    try chunk.validate(for: options)
    guard chunk.count > 0 else { return Tensor(zeros: [0, labels.count]) }
    let weights = network.weights(parameters, forTraining: false)
    let batch = ClassifierBatch(
      chunk, records: 0..<chunk.count, maximumLength: options.maximumLength)
    let sorted = network.logits(batch, network.projections(weights), weights)
    var logits = Tensor<Float>(uninitialized: sorted.shape)
    for (n, record) in batch.records.enumerated() {
      (logits.mutablePointer + record * sorted.columns).update(
        from: sorted.row(n), count: sorted.columns)
    }
    return logits
  }
}
