import Pipeline

/// The training of a language model, window by window.
struct LanguageModelRun: TrainingRun {
  let network: LanguageModelNetwork
  let training: LanguageModelTraining
  let streams: SymbolStreams
  private let dev: [Int32]
  /// The streams of each shard, in groups whose gradients are computed one after the other.
  private let shards: [[Int]]
  private let groups: [Range<Int>]
  var learner: Learner
  /// The hidden states of each shard's streams.
  private var states: [[[RecurrentState<Float>]]]

  var state = TrainingState()
  /// The dev loss of each epoch.
  private var devLosses: [Double] = []
  /// The mean of the weights of all steps since averaging began, and how many those are.
  private(set) var average: ParameterVector<Float>?
  private var averagedSteps = 0

  init(
    _ network: LanguageModelNetwork, _ training: LanguageModelTraining, text: [Int32],
    dev: [Int32], rule: any UpdateRule, pool: WorkerPool
  ) {
    self.network = network
    self.training = training
    self.dev = dev
    streams = SymbolStreams(
      text, count: min(training.batchSize * training.accumulate, text.count),
      end: Int32(network.options.end))
    (shards, groups) = SymbolStreams.shards(streams.count, inGroupsOf: training.batchSize)
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

  mutating func finishEpoch(
    onEvent: (TrainingEvent) throws -> Void, afterStep: (LanguageModelRun) throws -> Void
  ) throws {
    let windows = training.windows(steps: streams.stepCount, epoch: state.epoch)
    if state.step == 0 { states = shards.map { network.initialState($0.count) } }
    while state.step < windows.count {
      let steps = windows[state.step]
      let progress =
        (Double(state.epoch - 1) + Double(state.step + 1) / Double(windows.count))
        / Double(training.epochs)
      state.setRate(
        training.rate(epoch: state.epoch, progress: progress, plateaus: state.plateaus))
      try take(
        steps, learningRate: state.rate * Double(steps.count) / Double(training.bptt))
      try onEvent(state.event(progress: progress))
      try afterStep(self)
    }
  }

  func judge() -> DevFigures? {
    guard !dev.isEmpty else { return nil }
    let model = LanguageModel(network: network, parameters: parameters)
    return DevFigures(
      loss: -model.logProbability(ofText: dev, pool: learner.pool) / Double(dev.count))
  }

  /// Begins to average once the dev loss is no better than some epochs before.
  mutating func didJudge(_ report: EpochReport) {
    guard let loss = report.devLoss else { return }
    let n = training.averageAfter
    if n > 0, average == nil, devLosses.count > n,
      loss > devLosses.dropLast(n).min() ?? .infinity
    {
      average = learner.parameters
      averagedSteps = 1
    }
    devLosses.append(loss)
  }

  /// One step of the optimiser on one window of all streams.
  private mutating func take(_ steps: Range<Int>, learningRate: Double) throws {
    let (network, r, seed) = (network, training.regularization, training.seed)
    let windows = shards.map { streams.window(steps, of: $0) }
    let count = windows.reduce(0) { $0 + $1.ids.count }
    var random = RandomGenerator(seed: seed, stream: UInt64(learner.step))
    let masks: WeightMasks<Float> = network.weightMasks(r, using: &random)
    let weights = network.weights(learner.parameters, masks: masks)
    var sum = 0.0
    for group in groups {
      sum += accumulate(windows, group, masks, scale: 1 / Float(count), weights, &random)
    }
    if !masks.recurrent.isEmpty { learner.adjustGradients { network.apply(masks, to: &$0) } }
    state.add(
      LossSum(loss: sum, count: count, symbols: count),
      norm: try learner.update(learningRate: learningRate, loss: sum))
    addToAverage()
  }

  /// The summed loss of some shards' windows; leaves their gradients with the learner.
  private mutating func accumulate(
    _ windows: [LanguageModelWindow], _ group: Range<Int>, _ masks: WeightMasks<Float>,
    scale: Float, _ weights: Weights<Float>, _ random: inout RandomGenerator
  ) -> Double {
    let (network, r, seed) = (network, training.regularization, training.seed)
    let (step, pool) = (UInt64(learner.step), learner.stepPool)
    let table = network.trainingTable(
      r, masks, rows: windows[group].reduce(0) { $0 + $1.ids.count }, weights, pool: pool,
      using: &random)
    let before = states
    let after = Slots(group.count) { before[group.lowerBound + $0] }
    let loss = learner.accumulate(
      shards: group.count, adding: group.lowerBound > 0,
      { place, gradients in
        let shard = group.lowerBound + place
        let window = windows[shard]
        guard !window.ids.isEmpty else { return 0 }
        var random = RandomGenerator(seed: seed, stream: step, UInt64(shard) + 1)
        var state: [[RecurrentState<Float>]] = before[shard].prefix(window.layout.batchCount)
        let (loss, _) = network.lossAndGradients(
          window, from: &state, table, r, masks, scale: scale, weights, using: &random,
          into: &gradients)
        after[place] = state
        return loss
      }, finish: { table?.finishBackward(weights, into: &$0, pool: pool) })
    for shard in group { states[shard] = after[shard - group.lowerBound] }
    return loss
  }

  /// average += (weights - average) / k
  private mutating func addToAverage() {
    guard average != nil else { return }
    averagedSteps += 1
    let factor = 1 / Float(averagedSteps)
    let w = learner.parameters.pointer
    guard let target = average?.mutablePointer else { return }
    learner.pool.runBlocks(learner.layout.count, of: WorkerPool.smallBlockSize) { block in
      for i in block { target[i] += (w[i] - target[i]) * factor }
    }
  }
}

// MARK: - Snapshots

extension LanguageModelRun {
  func save(to snapshot: inout TrainingSnapshot) {
    snapshot.numbers["dev_losses"] = .array(devLosses.map { .double($0) })
    snapshot.numbers["averaged_steps"] = .int(averagedSteps)
    snapshot.arrays["average"] = average?.elements
    for (name, state) in namedStates { snapshot.arrays[name] = state.values }
  }

  mutating func restore(_ snapshot: TrainingSnapshot) throws {
    averagedSteps = try snapshot.count("averaged_steps")
    devLosses = (snapshot.numbers["dev_losses"]?.arrayValue ?? []).compactMap(\.doubleValue)
    average = try learner.vector(in: snapshot, "average")
    states = shards.map { network.initialState($0.count) }
    guard state.step > 0 else { return }
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
