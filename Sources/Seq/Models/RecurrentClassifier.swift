public import Pipeline

/// A trained sequence classifier: from sequences of ids (and bags of features) to the
/// log-probabilities of K classes.
///
/// A record's result does not depend, to the last bit, on the records beside it, on how a stream
/// was cut into chunks, or on the number of threads.
public struct RecurrentClassifier: Stage {
  public static let descriptor = StageDescriptor(
    id: "classify.recurrent@1",
    summary: "labels sequences by an RNN, LSTM or GRU, with n-gram weights beside it",
    input: .ids, output: .predictions, isModel: true, options: ClassifierOptions.descriptors)

  public let options: ClassifierOptions
  /// The K class names.
  public let labels: [String]
  package let network: ClassifierNetwork
  package let parameters: ParameterVector<Float>

  /// A classifier with the given weights.
  package init(labels: [String], network: ClassifierNetwork, parameters: ParameterVector<Float>) {
    self.options = network.options
    self.labels = labels
    self.network = network
    self.parameters = parameters
  }

  /// Reads the labels and the weights.
  /// - Throws: where an option has no meaning, or a tensor is missing or has another shape.
  public init(options: ClassifierOptions, resources: ResourceReader) throws {
    let labels = try LabelList.decode(try resources.bytes("labels"))
    let network = try ClassifierNetwork(options, classCount: labels.count)
    let parameters = try ParameterVector<Float>(network.layout, reading: resources)
    self.init(labels: labels, network: network, parameters: parameters)
  }

  public func write(to resources: inout ResourceWriter) throws {
    try resources.add("labels", bytes: LabelList.encode(labels))
    try parameters.write(to: &resources)
  }

  public func makeRunner(
    _ context: RunContext
  ) throws -> any StageRunner<IDChunk, PredictionChunk> {
    RecurrentClassifierRunner(self)
  }
}

/// The runner keeps the weights laid out for the kernels; it has no state of its own.
struct RecurrentClassifierRunner: StageRunner {
  private let classifier: RecurrentClassifier
  private let weights: Weights<Float>
  private let projections: [SymbolProjection<Float>]

  /// How many records go through the network together: enough rows for the matrix products, few
  /// enough for the hidden states to stay in a core's cache.
  private static let batchSize = 256

  init(_ classifier: RecurrentClassifier) {
    self.classifier = classifier
    weights = classifier.network.weights(classifier.parameters, forTraining: false)
    projections = classifier.network.projections(weights)
  }

  mutating func consume(_ chunk: IDChunk) throws -> PredictionChunk {
    try chunk.validate(for: classifier.options)
    return predict(chunk)
  }

  /// Takes the records in order of length, so that a batch holds like lengths, and puts the
  /// results back in order.
  func predict(_ chunk: IDChunk) -> PredictionChunk {
    let classCount = classifier.labels.count
    var result = [Float](repeating: 0, count: chunk.count * classCount)
    let limit = classifier.options.maximumLength
    let order = chunk.indicesByLength()
    for start in stride(from: 0, to: order.count, by: Self.batchSize) {
      let batch = ClassifierBatch(
        chunk, records: order[start..<min(start + Self.batchSize, order.count)],
        maximumLength: limit)
      var logits = classifier.network.logits(batch, projections, weights)
      Float.logSoftmax(logits.mutablePointer, rows: logits.rows, columns: classCount)
      for (n, record) in batch.records.enumerated() {
        let row = logits.row(n)
        for k in 0..<classCount { result[record * classCount + k] = row[k] }
      }
    }
    return PredictionChunk(labels: classifier.labels, logProbabilities: result)
  }
}

extension IDChunk {
  /// The records in order of falling length, equals in order of their index.
  func indicesByLength() -> [Int] {
    var longest = 0
    for i in 0..<count { longest = max(longest, range(i).count) }
    guard longest < 4096 else {
      return (0..<count).sorted {
        let (a, b) = (range($0).count, range($1).count)
        return a == b ? $0 < $1 : a > b
      }
    }
    var starts = [Int](repeating: 0, count: longest + 2)
    for i in 0..<count { starts[longest - range(i).count + 1] += 1 }
    for l in 1..<starts.count { starts[l] += starts[l - 1] }
    var order = [Int](repeating: 0, count: count)
    for i in 0..<count {
      let bucket = longest - range(i).count
      order[starts[bucket]] = i
      starts[bucket] += 1
    }
    return order
  }
}
