/// Trains name classifiers in several configurations and compares their losses.
public struct NamesTable: Sendable {
  public let configurations: [NamesConfiguration]
  public let labels: [String]
  /// V: the number of different characters.
  public let symbols: Int

  public init(configurations: [NamesConfiguration], labels: [String], symbols: Int) {
    self.configurations = configurations
    self.labels = labels
    self.symbols = symbols
  }

  /// What one configuration reached.
  public struct Row: Sendable {
    public let configuration: NamesConfiguration
    /// Every epoch's figures.
    public let epochs: [EpochReport]
    /// The epoch whose weights were kept: that with the best dev loss.
    public let epoch: Int
    /// The losses of those weights without dropout, in nats; `test` where there is a test part.
    public let train: Double
    public let dev: Double
    public let test: Double?
  }

  /// One row for each configuration. Each is trained by itself, on one of the threads, so that their
  /// number changes nothing.
  ///
  /// - Parameter onEpoch: called on the thread of the configuration, which is given by its number.
  /// - Throws: `SeqError.unusableData`, `.invalidOption`, `.nonFinite`: the first configuration's.
  public func rows(
    train: ClassifierExamples, dev: ClassifierExamples, test: ClassifierExamples? = nil,
    threads: Int = 1, onEpoch: @escaping @Sendable (Int, EpochReport) -> Void = { _, _ in }
  ) throws -> [Row] {
    guard dev.count > 0 else { throw SeqError.unusableData("there is no dev record") }
    let results = Slots<Result<Row, any Error>?>(configurations.count) { _ in nil }
    WorkerPool(threads: max(1, threads)).run(configurations.count) { number in
      results[number] = Result {
        try row(configurations[number], train, dev, test) { onEpoch(number, $0) }
      }
    }
    return try configurations.indices.compactMap { try results[$0]?.get() }
  }

  private func row(
    _ configuration: NamesConfiguration, _ train: ClassifierExamples, _ dev: ClassifierExamples,
    _ test: ClassifierExamples?, onEpoch: (EpochReport) -> Void
  ) throws -> Row {
    let trainer = try ClassifierTrainer(
      architecture: configuration.architecture(symbols: symbols),
      training: configuration.training, labels: labels)
    var reports: [EpochReport] = []
    var kept = 0
    let classifier = try trainer.fit(train: train, dev: dev) { event in
      switch event {
      case .epoch(let report):
        reports.append(report)
        onEpoch(report)
      case .kept(let report): kept = report.epoch
      case .step, .rollback: break
      }
    }
    func loss(_ examples: ClassifierExamples) -> Double {
      ClassificationReport(
        classifier.predict(examples.ids, pool: WorkerPool(threads: 1)), targets: examples.labels
      ).loss
    }
    return Row(
      configuration: configuration, epochs: reports, epoch: kept, train: loss(train),
      dev: loss(dev), test: test.map(loss))
  }
}
