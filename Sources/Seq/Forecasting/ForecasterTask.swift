import Pipeline

/// The training of a forecaster.
struct ForecasterTask: MinibatchTask {
  let network: ForecasterNetwork
  let training: TrainingOptions
  private let columns: [String]
  private let standardizer: Standardizer
  private let errorScale: Double
  private let windows: SeriesWindows
  /// The rows at which windows end.
  private let trainEnds: [Int]
  private let devEnds: [Int]
  let untrainedLoss: Double?

  /// - Throws: `SeqError.unusableData` where there is no window to learn from.
  init(
    _ network: ForecasterNetwork, _ training: TrainingOptions, _ series: Series, trainCount: Int
  ) throws {
    let options = network.options
    let needed = options.window + options.horizon
    guard series.width == options.inputs, trainCount >= needed, trainCount <= series.count else {
      throw SeqError.unusableData(
        "there are \(trainCount) rows to learn from, but a window of \(options.window) and a horizon "
          + "of \(options.horizon) need \(needed) (smaller ones, or more data)")
    }
    self.network = network
    self.training = training
    columns = series.columns
    let train = series[0..<trainCount]
    standardizer = Standardizer(train)
    errorScale = Self.errorScale(train.column(0), season: max(1, options.season))
    windows = SeriesWindows(series, standardizer, options)
    trainEnds = Array(options.ends(foretelling: 0..<trainCount))
    devEnds = Array(options.ends(foretelling: trainCount..<series.count))
    untrainedLoss = Self.untrainedLoss(windows, trainEnds, horizon: options.horizon)
  }

  /// That of forecasting nothing, the mean square of all targets (a step of a few windows may see only
  /// such as hardly change); at least a hundredth of the series' variance, for of one that hardly changes
  /// from row to row the first forecasts are worse than none.
  private static func untrainedLoss(
    _ windows: SeriesWindows, _ ends: [Int], horizon: Int
  ) -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: ends.count, by: 256) {
      let targets = windows.targets(Array(ends[start..<min(start + 256, ends.count)]))
      sum += Float.sumOfSquares(targets.pointer, count: targets.count)
    }
    return max(0.01, sum / Double(max(1, ends.count * horizon)))
  }

  /// The mean of |y_t - y_{t - season}|; 1 where that is zero.
  private static func errorScale(_ y: [Double], season: Int) -> Double {
    let errors = zip(y.dropFirst(season), y).map { abs($0 - $1) }
    let mean = errors.reduce(0, +) / Double(max(1, errors.count))
    return mean > 0 ? mean : 1
  }

  func forecaster(_ parameters: ParameterVector<Float>) -> RecurrentForecaster {
    RecurrentForecaster(
      network: network, parameters: parameters, columns: columns, standardizer: standardizer,
      errorScale: errorScale)
  }

  /// As in PyTorch, but zeros for the head where forecasts are relative: training begins with the
  /// baseline.
  func initialParameters() -> ParameterVector<Float> {
    var initial = InitialWeights(network.layout, seed: training.seed)
    initial.fill(
      network.stack, input: training.initializer, recurrent: training.recurrentInitializer,
      forgetBias: training.forgetBias)
    guard !network.options.relative else { return initial.parameters }
    initial.fill(network.head.weight, .uniform, fanIn: network.head.inputs)
    if let bias = network.head.bias {
      initial.fill(bias, .uniform, fanIn: network.head.inputs)
    }
    return initial.parameters
  }

  func batches(epoch: Int) -> [Minibatch] {
    let lengths = IDChunk(recordEnds: trainEnds.indices.map { UInt32($0 + 1) })
    return BatchPlan.batches(
      lengths, Array(trainEnds.indices), size: training.stepSize, seed: training.seed,
      epoch: epoch
    ).map { Minibatch(records: $0) }
  }

  func prepare(
    _ parameters: ParameterVector<Float>, _ batch: Minibatch, pool: WorkerPool,
    using random: inout RandomGenerator
  ) -> Weights<Float> {
    network.weights(parameters, forTraining: true)
  }

  /// The mean over windows and steps.
  func scale(_ batch: Minibatch) -> Float {
    1 / Float(batch.records.count * network.options.horizon)
  }

  func lossAndGradients(
    _ shard: Minibatch, _ weights: Weights<Float>, scale: Float,
    using random: inout RandomGenerator, into gradients: inout Gradients<Float>
  ) -> LossSum {
    let ends = shard.records.map { trainEnds[$0] }
    let loss = network.lossAndGradients(
      windows.inputs(ends), targets: windows.targets(ends),
      dropout: StackDropout(layers: training.dropout, variational: training.variationalDropout),
      scale: scale, weights, using: &random, into: &gradients)
    return LossSum(
      loss: loss, count: ends.count * network.options.horizon,
      symbols: ends.count * network.options.window)
  }

  func judge(_ parameters: ParameterVector<Float>, pool: WorkerPool) -> DevFigures? {
    guard !devEnds.isEmpty else { return nil }
    let weights = network.weights(parameters, forTraining: false)
    let starts = Array(stride(from: 0, to: devEnds.count, by: 256))
    let sums = Slots(starts.count) { _ in 0.0 }
    pool.run(starts.count) { i in
      let ends = Array(devEnds[starts[i]..<min(starts[i] + 256, devEnds.count)])
      let y = network.forecast(windows.inputs(ends), weights)
      sums[i] = zip(y.values, windows.targets(ends).values).reduce(0) {
        $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
      }
    }
    let sum = starts.indices.reduce(0) { $0 + sums[$1] }
    return DevFigures(loss: sum / Double(devEnds.count * network.options.horizon))
  }
}
