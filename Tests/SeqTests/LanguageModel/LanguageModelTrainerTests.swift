import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct LanguageModelTrainerTests {
  /// A text that repeats 0 2 3 0 2 4 ...: its next symbol needs memory of two.
  private let text = (0..<600).map { [0, 2, 3, 0, 2, 4][$0 % 6] as Int32 }

  private func trainer(
    normalization: StackNormalization = .none,
    _ change: (inout LanguageModelTraining) -> Void = { _ in }
  ) throws -> LanguageModelTrainer {
    var options = LanguageModelOptions()
    options.normalization = normalization
    (options.symbols, options.embedding, options.hidden) = (5, 6, 9)
    (options.layers, options.end) = (2, 1)
    var training = LanguageModelTraining()
    (training.epochs, training.batchSize, training.bptt) = (3, 9, 7)
    training.learningRate = 0.02
    change(&training)
    return try LanguageModelTrainer(architecture: options, training: training)
  }

  private func bytes(_ model: LanguageModel) throws -> [UInt8] {
    try ModelFile.bytes(
      of: try Chain([AnyStage(model)]),
      information: ModelInformation(provenance: [:], icuVersion: "1", unicodeVersion: "1"))
  }

  private func everything(_ t: inout LanguageModelTraining) {
    t.regularization.variationalDropout = 0.1
    t.regularization.weightDropout = 0.2
    t.regularization.embeddingDropout = 0.1
    t.regularization.activation = 0.1
    t.regularization.temporalActivation = 0.1
    (t.randomizesBPTT, t.averageAfter, t.rollsBack) = (true, 1, true)
    (t.optimizer, t.learningRate) = ("momentum", 0.2)
    (t.epochs, t.schedule) = (6, .plateau)
  }

  private func addedUp(_ t: inout LanguageModelTraining) {
    (t.accumulate, t.regularization.dropout) = (2, 0.2)
  }

  private func runAway(_ t: inout LanguageModelTraining) {
    (t.optimizer, t.learningRate, t.clipNorm) = ("sgd", 300, 0)
    (t.schedule, t.onDiverge) = (.constant, .rollback)
  }

  @Test func learnsWhatNeedsMemory() throws {
    let model = try trainer { $0.epochs = 30 }.fit(train: text)
    #expect(-model.logProbability(ofText: text) / 600 < 0.05)
  }

  /// What batch normalisation measures in training it uses afterwards, on any text by itself.
  @Test func batchStatisticsAreThoseOfTheText() throws {
    let trained = try trainer(normalization: .batch) { $0.epochs = 30 }
    let models = try [1, 2].map { try trained.fit(train: text, threads: $0) }
    #expect(try bytes(models[0]) == bytes(models[1]))
    let whole = -models[0].logProbability(ofText: text) / 600
    #expect(whole < 0.1)
    let alone = -models[0].logProbability(ofText: Array(text.prefix(60))) / 60
    #expect(alone < 0.3)
    let statistics = models[0].stateDictionary().tensors
    let untrained = try trainer(normalization: .batch) { ($0.epochs, $0.learningRate) = (1, 0) }
      .fit(train: text).stateDictionary().tensors
    for layer in 0..<2 {
      #expect(statistics["norms.\(layer).running_mean"]?.shape == [9])
      #expect(
        statistics["norms.\(layer).running_var"] != untrained["norms.\(layer).running_var"])
    }
  }

  @Test func threadsChangeNoBit() throws {
    for change in [{ _ in }, everything, addedUp] as [(inout LanguageModelTraining) -> Void] {
      let one = try trainer(change).fit(train: text, dev: Array(text.prefix(90)), threads: 1)
      let two = try trainer(change).fit(train: text, dev: Array(text.prefix(90)), threads: 2)
      #expect(try bytes(one) == bytes(two))
    }
  }

  /// Stopped after every step and taken up again, a training ends in the same bytes.
  @Test func anInterruptionChangesNoBit() throws {
    let changes: [(inout LanguageModelTraining) -> Void] = [
      { _ in }, everything, addedUp, runAway,
    ]
    for change in changes {
      let trainer = try trainer(change)
      let dev = Array(text.suffix(80))
      var kept: [EpochReport] = []
      func note(_ event: TrainingEvent) {
        if case .kept(let report) = event { kept.append(report) }
      }
      let whole = try bytes(try trainer.fit(train: text, dev: dev, onEvent: note))
      let monitor = MemoryMonitor()
      monitor.stops = true
      var model: LanguageModel?
      var stops = 0
      while model == nil {
        do {
          model = try trainer.fit(train: text, dev: dev, monitor: monitor, onEvent: note)
        } catch SeqError.interrupted { stops += 1 }
      }
      #expect(stops >= 15)
      #expect(try bytes(#require(model)) == whole)
      #expect(kept.count == 2 && kept[0] == kept[1])
    }
  }

  @Test func aDivergedTrainingGoesBackAndOn() throws {
    var (rollbacks, epochs) = ([RollbackReport](), [EpochReport]())
    _ = try trainer(runAway).fit(train: text) { event in
      if case .rollback(let report) = event { rollbacks.append(report) }
      if case .epoch(let report) = event { epochs.append(report) }
    }
    #expect((1...8).contains(rollbacks.count))
    #expect(epochs.last?.epoch == 3)
    #expect(epochs.last?.learningRate == 300 * (rollbacks.last?.rateFactor ?? 1))
  }

  /// Without dropout, three groups of four streams are a batch of twelve, but for the order in which
  /// gradients are added.
  @Test func addedGradientsAreThoseOfALargerBatch() throws {
    let results = try [(12, 1), (4, 3), (4, 1)].map { size, count in
      let model = try trainer {
        ($0.batchSize, $0.accumulate) = (size, count)
        ($0.optimizer, $0.learningRate) = ("momentum", 0.1)
      }.fit(train: text)
      return model.parameters.layout.parameters.flatMap {
        model.parameters[$0].map(Double.init)
      }
    }
    #expect(distance(results[1], results[0]) < 1e-5)
    #expect(distance(results[2], results[0]) > 1e-3)
  }

  @Test func aSnapshotOfAnotherTrainingIsRefused() throws {
    let monitor = MemoryMonitor()
    _ = try trainer { $0.epochs = 1 }.fit(train: text, monitor: monitor)
    for (change, identity) in [
      ({ $0.seed = 2 }, JSONObject()), ({ _ in }, JSONObject([("train", "other")])),
    ] as [((inout LanguageModelTraining) -> Void, JSONObject)] {
      let error = #expect(throws: SeqError.self) {
        try trainer {
          $0.epochs = 1
          change(&$0)
        }.fit(train: text, identity: identity, monitor: monitor)
      }
      #expect(error?.description.contains("differs") == true)
    }
  }

  @Test func theBestEpochIsKept() throws {
    var reports: [EpochReport] = []
    let dev = Array(text.prefix(100))
    let model = try trainer {
      $0.epochs = 8
      $0.learningRate = 0.3
    }.fit(train: text, dev: dev) { event in
      if case .epoch(let report) = event { reports.append(report) }
    }
    let best = try #require(reports.compactMap(\.devLoss).min())
    #expect(abs(-model.logProbability(ofText: dev) / 100 - best) < 1e-9)
    #expect(reports.count == 8)
  }

  @Test func unusableTextIsRefused() throws {
    for text in [[], [3], [0, 9], [0, -1]] as [[Int32]] {
      #expect(throws: SeqError.self) { try trainer().fit(train: text) }
    }
    #expect(throws: SeqError.self) { try trainer().fit(train: text, dev: [5]) }
  }
}

/// Keeps snapshots in memory, as their files would.
final class MemoryMonitor: TrainingMonitor {
  private var file: [UInt8]?
  /// Whether to stop after every step.
  var stops = false

  func saved(_ run: String) throws -> TrainingSnapshot? {
    try file.map { try TrainingSnapshot(fileBytes: $0, name: "memory") }
  }

  func request(step: Int) -> TrainingRequest { stops ? .saveAndStop : .goOn }

  func save(_ snapshot: TrainingSnapshot, of run: String, isBest: Bool) throws {
    file = try snapshot.fileBytes()
  }
}
