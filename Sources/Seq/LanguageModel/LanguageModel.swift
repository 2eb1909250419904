public import Pipeline

/// A trained language model as a stage: from sequences of ids to the log-probability of each.
///
/// A record is predicted from the symbol that ends records, symbol by symbol, its own end included; no
/// state passes from one record to the next, so a record's result does not
/// depend, to the last bit, on the records beside it or on the number of threads.
public struct LanguageModel: ReducibleModel {
  public static let descriptor = StageDescriptor(
    id: "lm.recurrent@1", summary: "gives the log-probability of sequences by an RNN, LSTM or GRU",
    input: .ids, output: .scores, isModel: true, options: LanguageModelOptions.descriptors)

  public let options: LanguageModelOptions
  /// How exactly its matrices are kept while it reads.
  public var precision = Precision.float32
  package let network: LanguageModelNetwork
  package let parameters: ParameterVector<Float>

  package init(network: LanguageModelNetwork, parameters: ParameterVector<Float>) {
    self.options = network.options
    self.network = network
    self.parameters = parameters
  }

  /// Reads the weights.
  /// - Throws: where an option has no meaning, or a tensor is missing or has another shape.
  public init(options: LanguageModelOptions, resources: ResourceReader) throws {
    let network = try LanguageModelNetwork(options)
    self.init(
      network: network, parameters: try ParameterVector(network.layout, reading: resources))
  }

  public func write(to resources: inout ResourceWriter) throws {
    try parameters.write(to: &resources)
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<IDChunk, ScoreChunk> {
    LanguageModelRunner(LanguageModelReader(self))
  }

  /// log p of a whole text, read in a few streams whose states are carried (`SymbolStreams`), in
  /// nats.
  public func logProbability(ofText text: [Int32], threads: Int = 1) -> Double {
    logProbability(ofText: text, pool: WorkerPool(threads: threads))
  }

  func logProbability(ofText text: [Int32], pool: WorkerPool) -> Double {
    guard !text.isEmpty else { return 0 }
    // So many streams that two threads have work, so few that the cuts do not count.
    let streams = SymbolStreams(
      text, count: max(1, min(16, text.count / 512)), end: Int32(options.end))
    let reader = LanguageModelReader(self)
    let shards = SymbolStreams.shards(streams.count)
    let sums = Slots(shards.count) { _ in 0.0 }
    pool.run(shards.count) { shard in
      var state = network.initialState(shards[shard].count, Float.self)
      for start in stride(from: 0, to: streams.stepCount, by: 64) {
        let window = streams.window(start..<start + 64, of: shards[shard])
        guard !window.ids.isEmpty else { break }
        state = state.prefix(window.layout.batchCount)
        sums[shard] += reader.logProbabilities(window, from: &state).reduce(0, +)
      }
    }
    return shards.indices.reduce(0) { $0 + sums[$1] }
  }
}

/// A language model laid out for reading.
package struct LanguageModelReader: Sendable {
  package let network: LanguageModelNetwork
  private let weights: Weights<Float>
  private let table: SymbolProjection<Float>?

  package init(_ model: LanguageModel) {
    network = model.network
    weights = network.weights(
      model.parameters, forTraining: false, precision: model.precision)
    table = network.table(weights)
  }

  func logProbabilities(
    _ window: LanguageModelWindow, from state: inout [[RecurrentState<Float>]]
  ) -> [Double] {
    network.logProbabilities(window, from: &state, table, weights)
  }

  func logProbabilities(of sequences: [[Int32]]) -> [Double] {
    network.logProbabilities(of: sequences, table, weights)
  }

  /// Reads one symbol for each sequence; the logits of the next, `[N, V]`.
  package func read(
    _ ids: [Int32], from state: inout [[RecurrentState<Float>]]
  ) -> Tensor<Float> {
    network.read(
      ids, SequenceLayout(steps: 1, batch: ids.count), from: &state, table, weights)
  }
}

/// Takes the records of a chunk in order of length, a few hundred at a time.
struct LanguageModelRunner: StageRunner {
  private let reader: LanguageModelReader
  private static let batchSize = 256

  init(_ reader: LanguageModelReader) { self.reader = reader }

  mutating func consume(_ chunk: IDChunk) throws -> ScoreChunk {
    try chunk.validate(symbols: reader.network.options.symbols)
    var result = ScoreChunk(count: chunk.count)
    let end = Int32(reader.network.options.end)
    let order = chunk.indicesByLength()
    for start in stride(from: 0, to: order.count, by: Self.batchSize) {
      let records = order[start..<min(start + Self.batchSize, order.count)]
      let sequences = records.map { Array(chunk.ids[chunk.range($0)]) + [end] }
      let sums = reader.logProbabilities(of: sequences)
      for (i, record) in records.enumerated() {
        result.logProbabilities[record] = sums[i]
        result.symbolCounts[record] = sequences[i].count
      }
    }
    return result
  }
}
