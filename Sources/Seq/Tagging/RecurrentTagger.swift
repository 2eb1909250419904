public import Pipeline

/// A trained tagger: from sentences of words (as ids, with their spelling) to a tag for each word.
///
/// A sentence's tags do not depend, to the last bit of their scores, on the sentences beside it, on
/// how a stream was cut into chunks, or on the number of threads.
public struct RecurrentTagger: ReducibleModel {
  public static let descriptor = StageDescriptor(
    id: "tag.recurrent@1",
    summary: "tags each token by an RNN, LSTM or GRU over words and their characters",
    input: .ids, output: .tags, isModel: true, options: TaggerOptions.descriptors)

  public let options: TaggerOptions
  /// How exactly its matrices are kept while it reads.
  public var precision = Precision.float32
  /// The K tag names.
  public let labels: [String]
  package let network: TaggerNetwork
  package let parameters: ParameterVector<Float>

  package init(labels: [String], network: TaggerNetwork, parameters: ParameterVector<Float>) {
    options = network.options
    self.labels = labels
    self.network = network
    self.parameters = parameters
  }

  /// Reads the tags and the weights.
  /// - Throws: where an option has no meaning, or a tensor is missing or has another shape.
  public init(options: TaggerOptions, resources: ResourceReader) throws {
    let labels = try LabelList.decode(try resources.bytes("labels"))
    let network = try TaggerNetwork(options, tagCount: labels.count)
    self.init(
      labels: labels, network: network,
      parameters: try ParameterVector(network.layout, reading: resources))
  }

  public func write(to resources: inout ResourceWriter) throws {
    try resources.add("labels", bytes: LabelList.encode(labels))
    try parameters.write(to: &resources)
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<IDChunk, TagChunk> {
    TaggerRunner(self)
  }

  /// How well the tagger does on sentences whose tags are known.
  ///
  /// - Parameter tags: for each token, the position of its tag in `labels`.
  /// - Throws: `SeqError.unusableData` where ids or tags are not the model's.
  public func evaluate(
    _ sentences: IDChunk, tags: [Int32], threads: Int = 1
  ) throws -> TaggingReport {
    try TaggerExamples(ids: sentences, tags: tags).validate(for: options, tagCount: labels.count)
    return report(sentences, tags: tags, pool: WorkerPool(threads: threads))
  }

  func report(_ sentences: IDChunk, tags: [Int32], pool: WorkerPool) -> TaggingReport {
    let reader = TaggerReader(self)
    let batches = reader.batches(sentences)
    let results = Slots(batches.count) { _ in TaggerReader.Result() }
    pool.run(batches.count) { results[$0] = reader.read(batches[$0], tags: tags) }
    var predicted = [Int32](repeating: 0, count: sentences.ids.count)
    var loss = 0.0
    for (b, batch) in batches.enumerated() {
      loss += results[b].loss
      for (row, tag) in results[b].tags.enumerated() { predicted[batch.positions[row]] = tag }
    }
    var report = TaggingReport(labels: labels)
    report.add(
      TagChunk(labels: labels, tags: predicted, recordEnds: sentences.recordEnds), truth: tags,
      loss: loss)
    return report
  }
}

/// The runner keeps the weights laid out for the kernels; it has no state of its own.
struct TaggerRunner: StageRunner {
  private let tagger: RecurrentTagger
  private let reader: TaggerReader

  init(_ tagger: RecurrentTagger) {
    self.tagger = tagger
    reader = TaggerReader(tagger)
  }

  mutating func consume(_ chunk: IDChunk) throws -> TagChunk {
    try chunk.validate(for: tagger.options)
    var tags = [Int32](repeating: 0, count: chunk.ids.count)
    for batch in reader.batches(chunk) {
      for (row, tag) in reader.read(batch).tags.enumerated() { tags[batch.positions[row]] = tag }
    }
    return TagChunk(labels: tagger.labels, tags: tags, recordEnds: chunk.recordEnds)
  }
}

/// A tagger laid out for reading.
struct TaggerReader: Sendable {
  private let network: TaggerNetwork
  private let weights: Weights<Float>
  private let projections: [SymbolProjection<Float>]
  private let decoder: TagDecoder
  private let chain: ChainScores?

  /// How many sentences go through the network together.
  private static let batchSize = 64

  init(_ tagger: RecurrentTagger) {
    network = tagger.network
    weights = network.weights(
      tagger.parameters, forTraining: false, precision: tagger.precision)
    projections = network.projections(weights)
    chain = network.crf?.scores(tagger.parameters)
    decoder = TagDecoder(
      chain ?? ChainScores(zeros: tagger.labels.count), scheme: tagger.options.scheme,
      labels: tagger.labels)
  }

  /// The tags of a batch's rows and, where the true ones are known, the summed loss in nats.
  struct Result: Sendable {
    var tags: [Int32] = []
    var loss = 0.0
  }

  /// All sentences, in order of length, so that a batch holds like lengths.
  func batches(_ chunk: IDChunk) -> [TaggerBatch] {
    let sentences = chunk.sentences(maximumLength: network.options.maximumLength).sorted {
      $0.count == $1.count ? $0.lowerBound < $1.lowerBound : $0.count > $1.count
    }
    return stride(from: 0, to: sentences.count, by: Self.batchSize).map {
      TaggerBatch(
        chunk, sentences: Array(sentences[$0..<min($0 + Self.batchSize, sentences.count)]))
    }
  }

  /// - Parameter tags: the true tags of all tokens of the chunk.
  func read(_ batch: TaggerBatch, tags truth: [Int32]? = nil) -> Result {
    let scores = network.scores(batch, projections, weights)
    var result = Result(tags: [Int32](repeating: 0, count: batch.ids.count))
    for n in 0..<batch.layout.batchCount {
      let rows = batch.layout.rows(of: n)
      for (row, tag) in zip(rows, decoder.decode(scores.doubles(rows))) { result.tags[row] = tag }
    }
    if let truth {
      result.loss = network.loss(scores, tags: batch.rows(of: truth), batch, chain)
    }
    return result
  }
}
