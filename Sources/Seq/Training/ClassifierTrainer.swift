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
  /// - Throws: `SeqError.unusableData`, `.nonFinite`, `.interrupted`, and what the monitor throws.
  public func fit(
    train: ClassifierExamples, dev: ClassifierExamples? = nil, soft: ClassifierExamples? = nil,
    threads: Int = 1, run name: String = "classifier", identity: JSONObject = JSONObject(),
    monitor: (any TrainingMonitor)? = nil, onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> RecurrentClassifier {
    try validate(train, dev, soft)
    var run = TrainingRun(
      network: network, training: training, rule: rule, labels: labels,
      pool: WorkerPool(threads: max(1, threads)))
    var identity = identity
    identity["architecture"] = try JSONValue(encoding: network.options)
    identity["training"] = try JSONValue(encoding: training)
    if let saved = try monitor?.saved(name) { try run.restore(saved, identity) }
    while run.epoch <= training.epochs {
      var report = try run.finishEpoch(train, soft: soft, onEvent: onEvent) { run in
        try monitor?.obey(step: run.learner.step - 1, of: name) { try run.snapshot(identity) }
      }
      if let dev, dev.count > 0 { judge(&run, &report, dev) } else { run.kept = report }
      try onEvent(.epoch(report))
      run.epoch += 1
      let isOver =
        training.earlyStopping > 0 && dev != nil
        && report.epoch - (run.kept?.epoch ?? 0) >= training.earlyStopping
      if isOver { run.epoch = training.epochs + 1 }
      try monitor?.save(try run.snapshot(identity), of: name, isBest: report.isBest)
    }
    if let kept = run.kept { try onEvent(.kept(kept)) }
    if let best = run.bestParameters { run.learner.parameters = best }
    let result = RecurrentClassifier(
      labels: labels, network: network, parameters: run.learner.parameters)
    guard let dev, dev.count > 0, training.calibrates else { return result }
    return result.calibrated(on: run.predict(dev.ids), targets: dev.labels)
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

  private func judge(
    _ run: inout TrainingRun, _ report: inout EpochReport, _ dev: ClassifierExamples
  ) {
    let figures = run.evaluate(dev)
    report.devLoss = figures.loss
    report.devAccuracy = figures.accuracy
    report.isBest = figures.loss < run.kept?.devLoss ?? .infinity
    if report.isBest {
      run.kept = report
      run.bestParameters = run.learner.parameters
    } else {
      run.plateaus += 1
    }
  }
}
