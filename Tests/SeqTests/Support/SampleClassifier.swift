import Pipeline
import Seq

/// A classifier with random weights.
struct SampleClassifier: Sendable {
  var options = ClassifierOptions()
  var labels = ["one", "two", "three", "four"]

  init(cell: String = "lstm", pooling: String = "max", isBidirectional: Bool = true) {
    (options.cell, options.pooling, options.bidirectional) = (cell, pooling, isBidirectional)
    (options.symbols, options.embedding, options.hidden) = (11, 6, 21)
    (options.layers, options.features, options.maximumLength) = (2, 30, 25)
  }

  func make(seed: UInt64 = 1) throws -> RecurrentClassifier {
    let network = try ClassifierNetwork(options, classCount: labels.count)
    return RecurrentClassifier(
      labels: labels, network: network,
      parameters: Samples.parameters(network.layout, seed: seed, size: 0.5))
  }

  /// Records of many lengths, empty and over-long ones too, with bags of features.
  func chunk(_ count: Int, seed: UInt64 = 2) -> (records: [[Int32]], features: [[Int32]]) {
    var records = Samples.records(
      count, lengths: 0...40, symbols: Int32(options.symbols), seed: seed)
    if count > 3 { records[3] = [] }
    return (
      records,
      Samples.records(count, lengths: 0...9, symbols: Int32(options.features), seed: seed + 1)
    )
  }
}

extension RecurrentClassifier {
  /// The predictions of one runner for one chunk.
  func predictions(_ chunk: IDChunk) throws -> PredictionChunk {
    var runner = try makeRunner(RunContext())
    return try runner.consume(chunk)
  }
}

extension PredictionChunk {
  /// What must agree where results agree bit for bit.
  var bits: [UInt32] { logProbabilities.map(\.bitPattern) }
}
