import Pipeline

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
  ///   - onEvent: called on the calling thread.
  /// - Throws: `SeqError.unusableData`, `SeqError.nonFinite`.
  public func fit(
    train: ClassifierExamples, dev: ClassifierExamples? = nil, soft: ClassifierExamples? = nil,
    threads: Int = 1, onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> RecurrentClassifier {
    guard train.count > 0 else { throw SeqError.unusableData("there is no training record") }
    for examples in [train, soft].compactMap({ $0 }) {
      try examples.validate(for: network.options, classCount: labels.count)
    }
    try dev?.validate(for: network.options, classCount: labels.count, needsLabels: true)
    var run = TrainingRun(
      network: network, training: training, rule: rule, labels: labels,
      pool: WorkerPool(threads: max(1, threads)))
    var best = (loss: Double.infinity, parameters: run.parameters, epoch: 0)
    for epoch in 1...training.epochs {
      var report = try run.epoch(epoch, train, soft: soft, onEvent: onEvent)
      if let dev, dev.count > 0 {
        let figures = run.evaluate(dev)
        report.devLoss = figures.loss
        report.devAccuracy = figures.accuracy
        report.isBest = figures.loss < best.loss
        if report.isBest {
          best = (figures.loss, run.parameters, epoch)
        } else {
          run.plateaus += 1
        }
      }
      try onEvent(.epoch(report))
      if training.earlyStopping > 0, dev != nil, epoch - best.epoch >= training.earlyStopping {
        break
      }
    }
    if best.epoch > 0 { run.parameters = best.parameters }
    var result = RecurrentClassifier(labels: labels, network: network, parameters: run.parameters)
    if let dev, dev.count > 0, training.calibrates {
      result = result.calibrated(on: run.predict(dev.ids), targets: dev.labels)
    }
    return result
  }
}
