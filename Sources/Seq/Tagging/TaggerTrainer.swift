public import Pipeline

/// Trains a `RecurrentTagger`.
///
/// The result is a function of the data, the options and the seed, as a classifier's is.
public struct TaggerTrainer: Sendable {
  public let training: TrainingOptions
  public let labels: [String]
  let network: TaggerNetwork
  private let rule: any UpdateRule

  /// - Parameters:
  ///   - architecture: `symbols`, `characters` and `unknown` must be set.
  ///   - labels: the names of the tags.
  /// - Throws: `SeqError` where an option has no meaning.
  public init(architecture: TaggerOptions, training: TrainingOptions, labels: [String]) throws {
    try training.validate()
    try LabelList.validate(labels)
    self.training = training
    self.labels = labels
    network = try TaggerNetwork(architecture, tagCount: labels.count)
    rule = try UpdateRules.named(training.optimizer)
  }

  /// The number of weights.
  public var parameterCount: Int { network.layout.count }

  /// Trains on `train`. With a dev part, the weights of the epoch with the best F1 of spans on it are
  /// kept (the best loss, where tags mark no spans).
  ///
  /// - Parameters:
  ///   - identity: what else must agree for a saved run to go on (the digest of the data).
  ///   - monitor: where to save, and whether to stop.
  ///   - onEvent: called on the calling thread.
  /// - Throws: `SeqError.unusableData`, `.nonFinite`, `.diverged`, `.interrupted`, and what the monitor
  ///   throws.
  public func fit(
    train: TaggerExamples, dev: TaggerExamples? = nil, threads: Int = 1,
    identity: JSONObject = JSONObject(), monitor: (any TrainingMonitor)? = nil,
    onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> RecurrentTagger {
    guard !train.tags.isEmpty else { throw SeqError.unusableData("there is no token to train on") }
    try train.validate(for: network.options, tagCount: labels.count)
    try dev?.validate(for: network.options, tagCount: labels.count)
    let task = TaggerTask(
      network: network, training: training, labels: labels, train: train, dev: dev)
    var run = MinibatchRun(task, rule: rule, threads: threads)
    let parameters = try run.train(
      TrainingPlan(
        "tagger", training, architecture: network.options, identity: identity,
        monitor: monitor), onEvent: onEvent)
    return RecurrentTagger(labels: labels, network: network, parameters: parameters)
  }
}
