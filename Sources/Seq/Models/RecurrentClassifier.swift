public import Pipeline

/// A trained sequence classifier: from sequences of ids (and bags of features) to the
/// log-probabilities of K classes.
///
/// A record's result does not depend, to the last bit, on the records beside it, on how a stream
/// was cut into chunks, or on the number of threads.
public struct RecurrentClassifier: ReducibleModel {
  public static let descriptor = StageDescriptor(
    id: "classify.recurrent@1",
    summary: "labels sequences by an RNN, LSTM or GRU, with n-gram weights beside it",
    input: .ids, output: .predictions, isModel: true, options: ClassifierOptions.descriptors)

  public let options: ClassifierOptions
  /// How exactly its matrices are kept while it reads.
  public var precision = Precision.float32
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
    weights = classifier.network.weights(
      classifier.parameters, forTraining: false, precision: classifier.precision)
    projections = classifier.network.projections(weights)
  }

  mutating func consume(_ chunk: IDChunk) throws -> PredictionChunk {
    try chunk.validate(for: classifier.options)
    return predict(chunk)
  }

  /// Takes short records that begin alike together, others in order of length, and puts the results
  /// back in order: neither changes a bit of them.
  func predict(_ chunk: IDChunk) -> PredictionChunk {
    let (network, limit) = (classifier.network, classifier.options.maximumLength)
    var result = PredictionChunk(
      labels: classifier.labels,
      logProbabilities: [Float](repeating: 0, count: chunk.count * classifier.labels.count))
    if network.sharesPrefixes, chunk.hasShortRecords {
      for records in PrefixBatch.pieces(chunk, maximumLength: limit) {
        let batch = PrefixBatch(
          chunk, records: records, maximumLength: limit, directions: projections.count,
          areSorted: true)
        result.set(network.logits(batch, projections, weights), of: batch.records)
      }
      return result
    }
    let order = chunk.indicesByLength()
    for start in stride(from: 0, to: order.count, by: Self.batchSize) {
      let batch = ClassifierBatch(
        chunk, records: order[start..<min(start + Self.batchSize, order.count)],
        maximumLength: limit)
      result.set(network.logits(batch, projections, weights), of: batch.records)
    }
    return result
  }
}

extension PredictionChunk {
  /// Sets the log-probabilities of some records from their logits, `[N, K]`.
  fileprivate mutating func set(_ logits: Tensor<Float>, of records: [Int]) {
    var logits = logits
    let classCount = labels.count
    Float.logSoftmax(logits.mutablePointer, rows: logits.rows, columns: classCount)
    for (n, record) in records.enumerated() {
      let row = logits.row(n)
      for k in 0..<classCount { logProbabilities[record * classCount + k] = row[k] }
    }
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
