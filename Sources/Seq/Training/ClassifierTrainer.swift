public import Pipeline

/// Trains a `RecurrentClassifier`.
///
/// The result is a function of the data, the options and the seed: a batch is cut into shards that
/// do not depend on the number of threads, each shard draws from its own random stream, and the
/// shards' gradients are added in a fixed order.
public struct ClassifierTrainer: Sendable {
  public let training: TrainingOptions
  public let labels: [String]
  let network: ClassifierNetwork
  private let rule: any UpdateRule

  /// - Parameter architecture: `symbols` and `features` must be set.
  /// - Throws: `SeqError` where an option has no meaning.
  public init(
    architecture: ClassifierOptions, training: TrainingOptions, labels: [String]
  ) throws {
    try training.validate()
    try LabelList.validate(labels)
    self.training = training
    self.labels = labels
    network = try ClassifierNetwork(architecture, classCount: labels.count)
    rule = try UpdateRules.named(training.optimizer)
  }

  /// The number of weights.
  public var parameterCount: Int { network.layout.count }

  /// Trains on `train`. With a dev part, the weights of the epoch with the best dev loss are kept
  /// and, if wanted, calibrated on it.
  ///
  /// - Parameters:
  ///   - soft: records with a teacher's soft labels, of which each epoch adds a sample as large as
  ///     `train`.
  ///   - run: the name under which the monitor knows this training.
  ///   - identity: what else must agree for a saved run to go on (the digest of the data).
  ///   - monitor: where to save, and whether to stop.
  ///   - onEvent: called on the calling thread.
  /// - Throws: `SeqError.unusableData`, `.nonFinite`, `.diverged`, `.interrupted`, and what the monitor
  ///   throws.
  public func fit(
    train: ClassifierExamples, dev: ClassifierExamples? = nil, soft: ClassifierExamples? = nil,
    threads: Int = 1, run name: String = "classifier", identity: JSONObject = JSONObject(),
    monitor: (any TrainingMonitor)? = nil, onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> RecurrentClassifier {
    try validate(train, dev, soft)
    let task = ClassifierTask(
      network: network, training: training, labels: labels, train: train, dev: dev, soft: soft)
    var run = MinibatchRun(task, rule: rule, threads: threads)
    let parameters = try run.train(
      TrainingPlan(
        name, training, architecture: network.options, identity: identity,
        monitor: monitor), onEvent: onEvent)
    let result = RecurrentClassifier(labels: labels, network: network, parameters: parameters)
    guard let dev, dev.count > 0, training.calibrates else { return result }
    return result.calibrated(
      on: result.predict(dev.ids, pool: run.learner.pool), targets: dev.labels)
  }

  private func validate(
    _ train: ClassifierExamples, _ dev: ClassifierExamples?, _ soft: ClassifierExamples?
  ) throws {
    guard train.count > 0 else { throw SeqError.unusableData("there is no training record") }
    for examples in [train, soft].compactMap({ $0 }) {
      try examples.validate(for: network.options, classCount: labels.count)
    }
    try dev?.validate(for: network.options, classCount: labels.count, needsLabels: true)
  }
}

extension JSONObject {
  /// The same, and the options of a network and its training.
  func with(architecture: some Encodable, training: some Encodable) throws -> JSONObject {
    var object = self
    object["architecture"] = try JSONValue(encoding: architecture)
    object["training"] = try JSONValue(encoding: training)
    return object
  }
}
