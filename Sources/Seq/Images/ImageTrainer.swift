public import Pipeline

/// Trains a `LeNet`.
///
/// The result is a function of the images, the options and the seed; neither the number of threads
/// nor an interruption changes a bit of it.
public struct ImageTrainer: Sendable {
  public let training: TrainingOptions
  public let augmentation: ImageAugmentation
  public let labels: [String]
  let network: LeNetNetwork
  private let rule: any UpdateRule

  /// - Throws: `SeqError` where an option has no meaning.
  public init(
    architecture: LeNetOptions, training: TrainingOptions,
    augmentation: ImageAugmentation = .none, labels: [String]
  ) throws {
    try training.validate()
    try augmentation.validate()
    try LabelList.validate(labels)
    self.training = training
    self.augmentation = augmentation
    self.labels = labels
    network = try LeNetNetwork(architecture, classCount: labels.count)
    rule = try UpdateRules.named(training.optimizer)
  }

  /// The number of weights, running statistics included.
  public var parameterCount: Int { network.layout.count }

  /// Trains on `train`. With a dev part, the weights of the epoch with the best dev loss are kept
  /// and, if wanted, calibrated on it.
  ///
  /// - Parameters:
  ///   - train: labels are positions in the trainer's `labels`, here and in `dev`.
  ///   - identity: what else must agree for a saved run to go on (the digest of the data).
  ///   - monitor: where to save, and whether to stop.
  ///   - onEvent: called on the calling thread.
  /// - Throws: `SeqError.unusableData`, `.nonFinite`, `.diverged`, `.interrupted`, and what the monitor
  ///   throws.
  public func fit(
    train: LabelledImages, dev: LabelledImages? = nil, threads: Int = 1,
    identity: JSONObject = JSONObject(), monitor: (any TrainingMonitor)? = nil,
    onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> LeNet {
    for images in [train, dev].compactMap({ $0 }) {
      guard images.labelNames == labels else {
        throw SeqError.unusableData("the classes are not those of the trainer")
      }
      try images.images.validate(for: network.options)
    }
    guard train.count > 0 else { throw SeqError.unusableData("there is no training image") }
    var identity = identity
    identity["augmentation"] = try JSONValue(encoding: augmentation)
    let task = ImageTask(
      network: network, training: training, augmentation: augmentation, labels: labels,
      train: train, dev: dev)
    var run = MinibatchRun(task, rule: rule, threads: threads)
    let parameters = try run.train(
      TrainingPlan(
        "image", training, architecture: network.options, identity: identity,
        monitor: monitor), onEvent: onEvent)
    let result = LeNet(labels: labels, network: network, parameters: parameters)
    guard let dev, dev.count > 0, training.calibrates else { return result }
    return result.calibrated(
      on: result.predict(dev.images, pool: run.learner.pool), targets: dev.labels)
  }
}
