package import Pipeline

/// A fixed job at work, by the very code that trains and labels: one batch of made-up symbols, learnt
/// again and again with Adam.
package struct Benchmark: Sendable {
  package let job: BenchmarkJob
  private var work: any BenchmarkWork
  private let pool: WorkerPool

  /// - Throws: `SeqError` where the job's numbers have no meaning.
  package init(_ job: BenchmarkJob, seed: UInt64, threads: Int) throws {
    self.job = job
    pool = WorkerPool(threads: max(1, threads))
    work =
      if let classes = job.classes {
        try ClassifierWork(job, classes: classes, seed: seed, pool: pool)
      } else {
        try LanguageModelWork(job, seed: seed, pool: pool)
      }
  }

  /// What another program needs to begin alike: the weights under PyTorch's names, the symbols `ids`
  /// and what to predict, `targets`, time-major `[T, N]` (`[N]` for classes).
  package var start: SafetensorsFile { work.start }

  /// One step of the optimiser; gives the mean loss before it.
  /// - Throws: `SeqError.nonFinite`.
  package mutating func train() throws -> Double { try work.train() }

  /// What reads the batch once on each thread, as a stream's chunks are read; the weights as they now
  /// are, laid out beforehand.
  package func inference() -> () -> Void {
    let (runner, pool) = (work.inference(), pool)
    return { pool.run(pool.threads) { _ in runner() } }
  }

  /// Operations of the products of one symbol in training: backward costs twice what forward does.
  package func operationsPerToken() throws -> (all: Double, necessary: Double) {
    let gates = try Cells.named(job.cell).gateCount
    return (3 * job.operations(gates: gates), 3 * job.necessaryOperations(gates: gates))
  }
}

/// What differs between a classifier and a language model.
private protocol BenchmarkWork: Sendable {
  var start: SafetensorsFile { get }
  mutating func train() throws -> Double
  func inference() -> @Sendable () -> Void
}

private struct ClassifierWork: BenchmarkWork {
  private let examples: ClassifierExamples
  private var run: MinibatchRun<ClassifierTask>
  let start: SafetensorsFile

  init(_ job: BenchmarkJob, classes: Int, seed: UInt64, pool: WorkerPool) throws {
    var options = ClassifierOptions()
    (options.cell, options.symbols) = (job.cell, job.symbols)
    (options.embedding, options.hidden, options.layers) = (job.embedding, job.hidden, job.layers)
    (options.pooling, options.maximumLength) = ("last", job.steps)
    var training = TrainingOptions()
    (training.batchSize, training.optimizer, training.schedule) = (job.batchSize, "adam", .constant)
    (training.learningRate, training.clipNorm, training.seed) = (1e-3, 0, seed)
    (training.dropout, training.featureDropout) = (0, 0)
    var random = RandomGenerator(seed: seed)
    let symbols = random.symbols(job.tokens, below: job.symbols)
    examples = ClassifierExamples(
      ids: IDChunk(ids: symbols, recordEnds: (1...job.batchSize).map { UInt32($0 * job.steps) }),
      labels: random.symbols(job.batchSize, below: classes))
    let network = try ClassifierNetwork(options, classCount: classes)
    let task = ClassifierTask(
      network: network, training: training, labels: (0..<classes).map { "class \($0)" },
      train: examples, dev: nil, soft: nil)
    run = MinibatchRun(
      task, rule: try UpdateRules.named(training.optimizer), threads: pool.threads)
    let timeMajor = (0..<job.tokens).map {
      symbols[$0 % job.batchSize * job.steps + $0 / job.batchSize]
    }
    start = run.learner.parameters.stateDictionary().adding(
      ids: timeMajor, [job.steps, job.batchSize], targets: examples.labels, [job.batchSize])
  }

  mutating func train() throws -> Double { try run.takeEpoch() }

  func inference() -> @Sendable () -> Void {
    let classifier = RecurrentClassifier(
      labels: run.task.labels, network: run.task.network, parameters: run.learner.parameters)
    let (runner, ids) = (RecurrentClassifierRunner(classifier), examples.ids)
    return { _ = runner.predict(ids) }
  }
}

private struct LanguageModelWork: BenchmarkWork {
  private let window: LanguageModelWindow
  private var run: LanguageModelRun
  let start: SafetensorsFile

  init(_ job: BenchmarkJob, seed: UInt64, pool: WorkerPool) throws {
    var options = LanguageModelOptions()
    (options.cell, options.symbols) = (job.cell, job.symbols)
    (options.embedding, options.hidden, options.layers) = (job.embedding, job.hidden, job.layers)
    var training = LanguageModelTraining()
    (training.batchSize, training.bptt) = (job.batchSize, job.steps)
    (training.optimizer, training.schedule) = ("adam", .constant)
    (training.learningRate, training.clipNorm, training.seed) = (1e-3, 0, seed)
    var random = RandomGenerator(seed: seed)
    run = LanguageModelRun(
      try LanguageModelNetwork(options), training,
      text: random.symbols(job.tokens, below: job.symbols), dev: [],
      rule: try UpdateRules.named(training.optimizer), pool: pool)
    window = run.streams.window(0..<job.steps, of: Array(0..<job.batchSize))
    let shape = [job.steps, job.batchSize]
    start = run.learner.parameters.stateDictionary().adding(
      ids: window.ids, shape, targets: window.targets, shape)
  }

  mutating func train() throws -> Double { try run.takeEpoch() }

  func inference() -> @Sendable () -> Void {
    let (network, window) = (run.network, window)
    let weights = network.weights(run.parameters, forTraining: false)
    let table = network.table(weights)
    return {
      var state: [[RecurrentState<Float>]] = network.initialState(window.layout.batchCount)
      _ = network.logProbabilities(window, from: &state, table, weights)
    }
  }
}

extension TrainingRun {
  /// A whole epoch, which here is one step; gives its mean loss.
  fileprivate mutating func takeEpoch() throws -> Double {
    try finishEpoch(onEvent: { _ in }, afterStep: { _ in })
    let loss = state.endEpoch().trainLoss
    state.epoch += 1
    return loss
  }
}

extension RandomGenerator {
  fileprivate mutating func symbols(_ count: Int, below limit: Int) -> [Int32] {
    (0..<count).map { _ in Int32.random(in: 0..<Int32(limit), using: &self) }
  }
}

extension SafetensorsFile {
  fileprivate func adding(
    ids: [Int32], _ idShape: [Int], targets: [Int32], _ targetShape: [Int]
  ) -> SafetensorsFile {
    var file = self
    for (name, values, shape) in [("ids", ids, idShape), ("targets", targets, targetShape)] {
      let bytes = values.flatMap { withUnsafeBytes(of: $0.littleEndian) { Array($0) } }
      file.tensors[name] = Resource(type: .i32, shape: shape, bytes: bytes)
    }
    return file
  }
}
