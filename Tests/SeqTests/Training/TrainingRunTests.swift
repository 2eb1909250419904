import Pipeline
import Seq
import Testing

/// What every training has: the way back from a divergence, gradients added up, interruptions.
@Suite struct TrainingRunTests {
  private func bytes(_ stage: some Stage) throws -> [UInt8] {
    var writer = ResourceWriter()
    try stage.write(to: &writer)
    return writer.resources.keys.sorted().flatMap { writer.resources[$0]?.bytes ?? [] }
  }

  private func trainer(
    _ cell: String = "gru", _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> ClassifierTrainer {
    var training = ToyTask.training(epochs: 4)
    change(&training)
    return try ClassifierTrainer(
      architecture: ToyTask.architecture(cell), training: training, labels: ToyTask.labels)
  }

  /// A rate at which an RNN of rectified units runs away.
  private func runAway(_ training: inout TrainingOptions) {
    (training.optimizer, training.learningRate, training.clipNorm) = ("sgd", 100, 0)
    (training.schedule, training.onDiverge) = (.constant, .rollback)
  }

  @Test func aDivergedTrainingGoesBackAndOn() throws {
    let trainer = try trainer("rnn-relu", runAway)
    let (train, dev) = (ToyTask.examples(400, seed: 1), ToyTask.examples(60, seed: 2))
    var (rollbacks, epochs) = ([RollbackReport](), [EpochReport]())
    func note(_ event: TrainingEvent) {
      if case .rollback(let report) = event { rollbacks.append(report) }
      if case .epoch(let report) = event { epochs.append(report) }
    }
    let classifier = try trainer.fit(train: train, dev: dev, onEvent: note)
    #expect(!rollbacks.isEmpty && rollbacks.count <= 8)
    #expect(rollbacks.map(\.number) == Array(1...rollbacks.count))
    #expect(rollbacks.enumerated().allSatisfy { $1.rateFactor * Double(2 << $0) == 1 })
    #expect(epochs.map(\.epoch).suffix(1) == [4])
    #expect(epochs.last?.learningRate == 100 * (rollbacks.last?.rateFactor ?? 1))
    let again = try trainer.fit(train: train, dev: dev, threads: 2)
    #expect(try bytes(again) == bytes(classifier))
  }

  /// Stopped after every step and taken up again, before, in and after each way back.
  @Test func anInterruptionChangesNoBitOfATrainingThatGoesBack() throws {
    let trainer = try trainer("rnn-relu", runAway)
    let (train, dev) = (ToyTask.examples(200, seed: 1), ToyTask.examples(60, seed: 2))
    var rollbacks = 0
    let whole = try trainer.fit(train: train, dev: dev) {
      if case .rollback = $0 { rollbacks += 1 }
    }
    #expect(rollbacks > 0)
    let monitor = MemoryMonitor()
    monitor.stops = true
    var rest: RecurrentClassifier?
    var stops = 0
    while rest == nil {
      do {
        rest = try trainer.fit(train: train, dev: dev, monitor: monitor)
      } catch SeqError.interrupted { stops += 1 }
    }
    #expect(stops > 20)
    #expect(try bytes(#require(rest)) == bytes(whole))
  }

  @Test func itGivesUpInTheEnd() throws {
    let trainer = try trainer("rnn-relu") {
      runAway(&$0)
      ($0.optimizer, $0.learningRate) = ("momentum", 1000)
      $0.initializer = .normal
      $0.recurrentInitializer = .normal
    }
    var rollbacks = 0
    let error = #expect(throws: SeqError.self) {
      try trainer.fit(train: ToyTask.examples(400, seed: 1)) {
        if case .rollback = $0 { rollbacks += 1 }
      }
    }
    guard case .diverged(_, let step, let rate, 8) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(rollbacks == 8)
    #expect(step >= 1 && rate == 1000.0 / 256)
    #expect(error?.category == .software)
  }

  /// A loss that grows and stays finite is a divergence too; what was saved is from before.
  @Test func anExplosionStopsTheTraining() throws {
    let trainer = try trainer("rnn") {
      ($0.optimizer, $0.learningRate, $0.clipNorm) = ("sgd", 300, 0)
      $0.schedule = .constant
    }
    let monitor = MemoryMonitor()
    let error = #expect(throws: SeqError.self) {
      try trainer.fit(train: ToyTask.examples(400, seed: 1), monitor: monitor)
    }
    guard case .diverged(let problem, _, 300, 0) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(problem.contains("exploded"))
    #expect(try monitor.saved("classifier") == nil)
  }

  /// Without dropout, the gradients of three batches are those of one three times as large, but for
  /// the order in which they are added.
  @Test(arguments: ["gru", "lstm"])
  func addedGradientsAreThoseOfALargerBatch(cell: String) throws {
    let train = ToyTask.examples(200, seed: 1)
    let results = try [(66, 1), (22, 3), (22, 1)].map { size, count in
      let trainer = try trainer(cell) {
        ($0.batchSize, $0.accumulate, $0.epochs) = (size, count, 2)
        ($0.optimizer, $0.learningRate) = ("momentum", 0.05)
      }
      let classifier = try trainer.fit(train: train)
      return classifier.parameters.layout.parameters.flatMap {
        classifier.parameters[$0].map(Double.init)
      }
    }
    #expect(distance(results[1], results[0]) < 1e-5)
    #expect(distance(results[2], results[0]) > 1e-3)
  }

  /// The digest of a checkpoint may be right and its counts be made up: they must not overflow.
  @Test(arguments: [
    ("epoch", Int.min), ("epoch", 0), ("epoch", .max), ("epoch_step", -1), ("step", -2),
    ("loss_count", .max), ("tokens", .max), ("plateaus", .max), ("rollbacks", -1),
    ("rollbacks", .max), ("kept.epoch", .min),
  ])
  func aCountThatNoTrainingReachesIsRefused(name: String, value: Int) throws {
    let (trainer, train) = (try trainer(), ToyTask.examples(100, seed: 1))
    let monitor = MemoryMonitor()
    monitor.stops = true
    #expect(throws: SeqError.self) { try trainer.fit(train: train, monitor: monitor) }
    var snapshot = try #require(try monitor.saved("classifier"))
    if name == "kept.epoch" {
      snapshot.numbers["kept"] = [
        "epoch": .int(value), "trainLoss": 1, "learningRate": 1, "gradientNorm": 1,
        "isBest": false,
      ]
    } else {
      snapshot.numbers[name] = .int(value)
    }
    try monitor.save(snapshot, of: "classifier", isBest: false)
    let error = #expect(throws: SeqError.self) { try trainer.fit(train: train, monitor: monitor) }
    #expect(error.map { "\($0)".contains("\(name) is \(value)") } == true, "\(error as Any)")
  }

  /// An array of another length is refused with its name, whichever it is.
  @Test func anArrayOfAnotherLengthIsRefused() throws {
    let (trainer, train) = (try trainer(), ToyTask.examples(100, seed: 1))
    let monitor = MemoryMonitor()
    monitor.stops = true
    #expect(throws: SeqError.self) { try trainer.fit(train: train, monitor: monitor) }
    let snapshot = try #require(try monitor.saved("classifier"))
    #expect(snapshot.arrays.count > 2)
    for name in snapshot.arrays.keys {
      var changed = snapshot
      changed.arrays[name]?.append(0)
      try monitor.save(changed, of: "classifier", isBest: false)
      let error = #expect(throws: SeqError.self) { try trainer.fit(train: train, monitor: monitor) }
      #expect(error.map { "\($0)".contains(name) } == true, "\(error as Any)")
    }
  }

  @Test func addedGradientsKeepTheirBits() throws {
    let trainer = try trainer {
      ($0.batchSize, $0.accumulate, $0.dropout) = (20, 3, 0.3)
    }
    let (train, dev) = (ToyTask.examples(150, seed: 1), ToyTask.examples(40, seed: 2))
    let whole = try bytes(trainer.fit(train: train, dev: dev))
    #expect(try bytes(trainer.fit(train: train, dev: dev, threads: 2)) == whole)
    let monitor = MemoryMonitor()
    monitor.stops = true
    var rest: RecurrentClassifier?
    while rest == nil {
      do {
        rest = try trainer.fit(train: train, dev: dev, monitor: monitor)
      } catch SeqError.interrupted { continue }
    }
    #expect(try bytes(#require(rest)) == whole)
  }

  /// With the `plateau` schedule and the way back, an epoch that made nothing better is undone and
  /// half the rate goes on.
  @Test func anEpochWithoutABetterDevLossIsUndone() throws {
    var reports: [EpochReport] = []
    let trainer = try trainer {
      ($0.schedule, $0.rollsBack, $0.epochs, $0.calibrates) = (.plateau, true, 8, false)
      ($0.optimizer, $0.learningRate) = ("sgd", 4)
    }
    let dev = ToyTask.examples(80, seed: 2)
    let classifier = try trainer.fit(train: ToyTask.examples(200, seed: 1), dev: dev) {
      if case .epoch(let report) = $0 { reports.append(report) }
    }
    var rate = 4.0
    for report in reports {
      #expect(report.learningRate == rate)
      if !report.isBest { rate /= 2 }
    }
    #expect(rate < 4)
    let report = ClassificationReport(try classifier.predictions(dev.ids), targets: dev.labels)
    #expect(report.loss == reports.compactMap(\.devLoss).min())
  }
}
