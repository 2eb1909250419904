import Pipeline

/// The training of a language model, window by window.
struct LanguageModelRun {
  let network: LanguageModelNetwork
  let training: LanguageModelTraining
  let streams: SymbolStreams
  private let shards: [[Int]]
  var learner: Learner
  /// The hidden states of each shard's streams.
  private var states: [[[RecurrentState<Float>]]]

  /// The epoch that is worked on, from 1, and its windows that are done.
  var epoch = 1
  private var window = 0
  /// Sums over the windows of the epoch.
  private var loss = 0.0
  private var lossCount = 0
  private var largestNorm = 0.0
  private var rate = 0.0
  /// Symbols read in all.
  private var tokens = 0

  var plateaus = 0
  /// The figures of the epoch whose weights are kept: the best on the dev part, or the last.
  var kept: EpochReport?
  var bestParameters: ParameterVector<Float>?
  /// The dev loss of each epoch.
  var devLosses: [Double] = []
  /// The mean of the weights of all steps since averaging began, and how many those are.
  private(set) var average: ParameterVector<Float>?
  private var averagedSteps = 0

  init(
    _ network: LanguageModelNetwork, _ training: LanguageModelTraining, text: [Int32],
    rule: any UpdateRule, pool: WorkerPool
  ) {
    self.network = network
    self.training = training
    streams = SymbolStreams(
      text, count: min(training.batchSize, text.count), end: Int32(network.options.end))
    shards = SymbolStreams.shards(streams.count)
    learner = Learner(
      network.initialParameters(training),
      Optimizer(
        rule, for: network.layout, l1: training.l1, l2: training.l2, clipNorm: training.clipNorm,
        clipValue: training.clipValue),
      pool: pool)
    states = []
  }

  /// What evaluation and the result use: the average where there is one.
  var parameters: ParameterVector<Float> { average ?? learner.parameters }

  mutating func startAveraging() {
    average = learner.parameters
    averagedSteps = 1
  }

  /// The rest of the epoch.
  ///
  /// - Parameter afterStep: called after each step with the run as it then is.
  mutating func finishEpoch(
    onEvent: (TrainingEvent) throws -> Void, afterStep: (LanguageModelRun) throws -> Void
  ) throws -> EpochReport {
    let windows = training.windows(steps: streams.stepCount, epoch: epoch)
    if window == 0 { states = shards.map { network.initialState($0.count) } }
    while window < windows.count {
      let steps = windows[window]
      let progress =
        (Double(epoch - 1) + Double(window + 1) / Double(windows.count)) / Double(training.epochs)
      rate = training.rate(epoch: epoch, progress: progress, plateaus: plateaus)
      try take(steps, learningRate: rate * Double(steps.count) / Double(training.bptt))
      window += 1
      try onEvent(
        .step(
          epoch: epoch, progress: progress, loss: loss / Double(max(1, lossCount)),
          tokens: tokens))
      try afterStep(self)
    }
    let report = EpochReport(
      epoch: epoch, trainLoss: loss / Double(max(1, lossCount)), devLoss: nil, devAccuracy: nil,
      learningRate: rate, gradientNorm: largestNorm, isBest: false)
    (window, loss, lossCount, largestNorm) = (0, 0, 0, 0)
    return report
  }

  /// One step of the optimiser on one window.
  private mutating func take(_ steps: Range<Int>, learningRate: Double) throws {
    let (network, r, seed) = (network, training.regularization, training.seed)
    let step = UInt64(learner.step)
    let windows = shards.map { streams.window(steps, of: $0) }
    let count = windows.reduce(0) { $0 + $1.ids.count }
    var random = RandomGenerator(seed: seed, stream: step)
    let masks: WeightMasks<Float> = network.weightMasks(r, using: &random)
    let sum = accumulate(windows, masks, scale: 1 / Float(count), step, &random)
    if !masks.recurrent.isEmpty { learner.adjustGradients { network.apply(masks, to: &$0) } }
    largestNorm = max(largestNorm, try learner.update(learningRate: learningRate, loss: sum))
    loss += sum
    lossCount += count
    tokens += count
    addToAverage()
  }

  private mutating func accumulate(
    _ windows: [LanguageModelWindow], _ masks: WeightMasks<Float>, scale: Float, _ step: UInt64,
    _ random: inout RandomGenerator
  ) -> Double {
    let (network, r, seed) = (network, training.regularization, training.seed)
    let weights = network.weights(learner.parameters, masks: masks)
    let table = network.trainingTable(
      r, masks, rows: windows.reduce(0) { $0 + $1.ids.count }, weights, using: &random)
    let before = states
    let after = Slots(windows.count) { before[$0] }
    let loss = learner.accumulate(shards: windows.count) { shard, gradients in
      let window = windows[shard]
      guard !window.ids.isEmpty else { return 0 }
      var random = RandomGenerator(seed: seed, stream: step, UInt64(shard) + 1)
      var state: [[RecurrentState<Float>]] = before[shard].prefix(window.layout.batchCount)
      let (loss, _) = network.lossAndGradients(
        window, from: &state, table, r, masks, scale: scale, weights, using: &random,
        into: &gradients)
      after[shard] = state
      return loss
    }
    states = windows.indices.map { after[$0] }
    return loss
  }

  /// average += (weights - average) / k
  private mutating func addToAverage() {
    guard average != nil else { return }
    averagedSteps += 1
    let factor = 1 / Float(averagedSteps)
    let w = learner.parameters.pointer
    guard let target = average?.mutablePointer else { return }
    learner.pool.runBlocks(learner.layout.count) { block in
      for i in block { target[i] += (w[i] - target[i]) * factor }
    }
  }
}

// MARK: - Snapshots

extension LanguageModelRun {
  /// - Parameter identity: what must agree: data and options.
  func snapshot(_ identity: JSONObject) throws -> TrainingSnapshot {
    var snapshot = TrainingSnapshot(
      numbers: JSONObject([
        ("identity", .object(identity)), ("epoch", .int(epoch)), ("window", .int(window)),
        ("loss", .double(loss)), ("loss_count", .int(lossCount)),
        ("largest_norm", .double(largestNorm)), ("rate", .double(rate)), ("tokens", .int(tokens)),
        ("plateaus", .int(plateaus)),
        ("kept", try kept.map { try JSONValue(encoding: $0) } ?? .null),
        ("dev_losses", .array(devLosses.map { .double($0) })),
        ("averaged_steps", .int(averagedSteps)),
      ]))
    learner.save(to: &snapshot)
    snapshot.arrays["best"] = bestParameters?.elements
    snapshot.arrays["average"] = average?.elements
    for (name, state) in namedStates { snapshot.arrays[name] = state.values }
    return snapshot
  }

  /// - Throws: `SeqError.unusableSnapshot`.
  mutating func restore(_ snapshot: TrainingSnapshot, _ identity: JSONObject) throws {
    try snapshot.checkIdentity(identity)
    epoch = try snapshot.int("epoch")
    window = try snapshot.int("window")
    loss = try snapshot.double("loss")
    lossCount = try snapshot.int("loss_count")
    largestNorm = try snapshot.double("largest_norm")
    rate = try snapshot.double("rate")
    tokens = try snapshot.int("tokens")
    plateaus = try snapshot.int("plateaus")
    kept = try snapshot.value("kept")
    averagedSteps = try snapshot.int("averaged_steps")
    devLosses = (snapshot.numbers["dev_losses"]?.arrayValue ?? []).compactMap(\.doubleValue)
    try learner.restore(snapshot)
    bestParameters = try learner.vector(in: snapshot, "best")
    average = try learner.vector(in: snapshot, "average")
    states = shards.map { network.initialState($0.count) }
    guard window > 0 else { return }
    for (name, state) in namedStates {
      let (shard, layer, part) = Self.place(name)
      let tensor = Tensor(state.shape, try snapshot.array(name, count: state.count))
      if part == 0 {
        states[shard][layer][0].hidden = tensor
      } else {
        states[shard][layer][0].cell = tensor
      }
    }
  }

  /// Every hidden and cell state under a name of its own.
  private var namedStates: [(name: String, state: Tensor<Float>)] {
    states.enumerated().flatMap { s, layers in
      layers.enumerated().flatMap { l, directions in
        [
          ("state.\(s).\(l).0", directions[0].hidden), ("state.\(s).\(l).1", directions[0].cell),
        ]
      }
    }
  }

  private static func place(_ name: String) -> (shard: Int, layer: Int, part: Int) {
    let numbers = name.split(separator: ".").compactMap { Int($0) }
    return (numbers[0], numbers[1], numbers[2])
  }
}
