public import Pipeline

/// Trains a `RecurrentForecaster` on the beginning of a series and judges it on the rest.
///
/// The result is a function of the data, the options and the seed, as a classifier's is.
public struct ForecasterTrainer: Sendable {
  public let training: TrainingOptions
  let network: ForecasterNetwork
  private let rule: any UpdateRule

  /// - Throws: `SeqError` where an option has no meaning.
  public init(architecture: ForecasterOptions, training: TrainingOptions) throws {
    try training.validate()
    self.training = training
    network = try ForecasterNetwork(architecture)
    rule = try UpdateRules.named(training.optimizer)
  }

  /// The number of weights.
  public var parameterCount: Int { network.layout.count }

  /// Trains on the first `trainCount` rows. Where rows follow, the weights of the epoch with the best
  /// loss on them are kept; they are never learnt from, nor are their mean and deviation.
  ///
  /// - Parameters:
  ///   - series: in order of time, the column to foretell first.
  ///   - identity: what else must agree for a saved run to go on (the digest of the data).
  ///   - monitor: where to save, and whether to stop.
  ///   - onEvent: called on the calling thread; losses are mean squared errors of the standardised
  ///     column.
  /// - Throws: `SeqError.unusableData`, `.nonFinite`, `.diverged`, `.interrupted`, and what the monitor
  ///   throws.
  public func fit(
    _ series: Series, trainCount: Int, threads: Int = 1, identity: JSONObject = JSONObject(),
    monitor: (any TrainingMonitor)? = nil, onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> RecurrentForecaster {
    let task = try ForecasterTask(network, training, series, trainCount: trainCount)
    var run = MinibatchRun(task, rule: rule, threads: threads)
    let parameters = try run.train(
      TrainingPlan(
        "forecaster", training, architecture: network.options, identity: identity,
        monitor: monitor), onEvent: onEvent)
    return task.forecaster(parameters)
  }
}
