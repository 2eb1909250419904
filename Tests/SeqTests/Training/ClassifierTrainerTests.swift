import Pipeline
import Seq
import Testing

@Suite struct ClassifierTrainerTests {
  private func trainer(
    _ architecture: ClassifierOptions, _ training: TrainingOptions
  ) throws -> ClassifierTrainer {
    try ClassifierTrainer(
      architecture: architecture, training: training, labels: ToyTask.labels)
  }

  @Test(arguments: Cells.all.map(\.name))
  func learnsATask(cell: String) throws {
    let trainer = try trainer(ToyTask.architecture(cell), ToyTask.training(epochs: 12))
    let classifier = try trainer.fit(
      train: ToyTask.examples(2000, seed: 1), dev: ToyTask.examples(300, seed: 2), threads: 2)
    let fresh = ToyTask.examples(1000, seed: 3)
    let report = ClassificationReport(
      try classifier.predictions(fresh.ids), targets: fresh.labels)
    #expect(report.accuracy > 0.95)
  }

  /// A small training that uses everything: two layers, features, all kinds of dropout, soft labels.
  private func bytes(
    threads: Int, seed: UInt64 = 1, variational: Double = 0
  ) throws -> [String: Resource] {
    var architecture = ToyTask.architecture("gru")
    (architecture.layers, architecture.bidirectional, architecture.features) = (2, true, 9)
    architecture.pooling = "max+attention"
    var training = ToyTask.training(epochs: 2)
    (training.dropout, training.featureDropout, training.seed) = (0.3, 0.4, seed)
    training.variationalDropout = variational
    training.batchSize = 70
    func withFeatures(_ examples: ClassifierExamples, seed: UInt64) -> ClassifierExamples {
      var examples = examples
      examples.ids.features =
        Samples.chunk(
          [], features: Samples.records(examples.count, lengths: 0...5, symbols: 9, seed: seed)
        ).features
      return examples
    }
    var soft = withFeatures(ToyTask.examples(150, seed: 4), seed: 5)
    let shares: Tensor<Float> = Samples.uniform([150, 1], seed: 6)
    soft.distributions = Tensor(
      [150, 2], shares.values.flatMap { [0.5 + 0.4 * $0, 0.5 - 0.4 * $0] })
    let classifier = try trainer(architecture, training).fit(
      train: withFeatures(ToyTask.examples(220, seed: 1), seed: 7),
      dev: withFeatures(ToyTask.examples(60, seed: 2), seed: 8), soft: soft, threads: threads)
    var writer = ResourceWriter()
    try classifier.write(to: &writer)
    return writer.resources
  }

  @Test(arguments: [0, 0.3])
  func threadsAndRunsDoNotChangeAByte(variational: Double) throws {
    let one = try bytes(threads: 1, variational: variational)
    #expect(try bytes(threads: 2, variational: variational) == one)
    #expect(try bytes(threads: 2, variational: variational) == one)
    #expect(try bytes(threads: 3, variational: variational) == one)
  }

  /// Small steps are one shard, whose products the threads share.
  @Test(arguments: [1, 3]) func threadsDoNotChangeAByteOfSmallSteps(batchSize: Int) throws {
    func bytes(threads: Int) throws -> [String: Resource] {
      var architecture = ToyTask.architecture("lstm")
      (architecture.embedding, architecture.hidden, architecture.layers) = (70, 132, 2)
      var training = ToyTask.training(epochs: 1)
      training.batchSize = batchSize
      var writer = ResourceWriter()
      try trainer(architecture, training).fit(
        train: ToyTask.examples(90, seed: 1), dev: ToyTask.examples(20, seed: 2), threads: threads
      ).write(to: &writer)
      return writer.resources
    }
    let one = try bytes(threads: 1)
    #expect(try bytes(threads: 2) == one)
    #expect(try bytes(threads: 3) == one)
  }

  @Test func seedsDiffer() throws {
    let (first, second) = (try bytes(threads: 2), try bytes(threads: 2, seed: 2))
    #expect(first.keys.sorted() == second.keys.sorted())
    for name in first.keys where name != "labels" {
      #expect(first[name] != second[name], "\(name)")
    }
  }

  @Test func reportsStepsAndEpochs() throws {
    var (steps, epochs, kept) = ([Double](), [EpochReport](), [EpochReport]())
    var tokens = 0
    let train = ToyTask.examples(100, seed: 1)
    _ = try trainer(ToyTask.architecture("rnn"), ToyTask.training(epochs: 3)).fit(
      train: train, dev: ToyTask.examples(40, seed: 2)
    ) { event in
      switch event {
      case .step(_, let progress, let loss, let count):
        steps.append(progress)
        tokens = count
        #expect(loss > 0 && loss < 5)
      case .epoch(let report): epochs.append(report)
      case .kept(let report): kept.append(report)
      case .rollback(let report): Issue.record("\(report)")
      }
    }
    #expect(steps.count == 3 * 4)
    #expect(steps == steps.sorted() && steps.last == 1)
    #expect(tokens == 3 * train.ids.ids.count)
    #expect(epochs.map(\.epoch) == [1, 2, 3])
    #expect(kept == [epochs.last { $0.isBest }].compactMap { $0 })
    let losses = epochs.compactMap(\.devLoss)
    #expect(losses.count == 3)
    for (i, report) in epochs.enumerated() {
      #expect(report.isBest == (losses[i] < (losses[..<i].min() ?? .infinity)))
      #expect(report.gradientNorm > 0 && (report.devAccuracy ?? -1) >= 0)
    }
  }

  @Test func stopsEarlyAndKeepsTheBestEpoch() throws {
    // A rate of zero learns nothing: no epoch after the first is better.
    var training = ToyTask.training(epochs: 50)
    (training.learningRate, training.earlyStopping, training.calibrates) = (0, 3, false)
    var epochs = 0
    _ = try trainer(ToyTask.architecture("lstm"), training).fit(
      train: ToyTask.examples(40, seed: 1), dev: ToyTask.examples(20, seed: 2)
    ) { if case .epoch = $0 { epochs += 1 } }
    #expect(epochs == 4)

    // A rate that grows useless: the weights that come back have the best loss that was seen.
    (training.epochs, training.learningRate, training.earlyStopping) = (6, 0.3, 0)
    training.schedule = .constant
    let dev = ToyTask.examples(80, seed: 2)
    var best = Double.infinity
    let classifier = try trainer(ToyTask.architecture("rnn"), training).fit(
      train: ToyTask.examples(200, seed: 1), dev: dev
    ) { if case .epoch(let report) = $0 { best = min(best, report.devLoss ?? .infinity) } }
    let report = ClassificationReport(try classifier.predictions(dev.ids), targets: dev.labels)
    #expect(report.loss == best)
  }

  @Test func calibrationLowersTheDevLoss() throws {
    let (train, dev) = (ToyTask.examples(60, seed: 1), ToyTask.examples(200, seed: 2))
    let losses = try [false, true].map { calibrates in
      var training = ToyTask.training(epochs: 15)
      training.calibrates = calibrates
      let classifier = try trainer(ToyTask.architecture("gru"), training).fit(
        train: train, dev: dev)
      return ClassificationReport(
        try classifier.predictions(dev.ids), targets: dev.labels
      ).loss
    }
    #expect(losses[1] < losses[0])
  }

  @Test func aDivergingTrainingStops() throws {
    var training = ToyTask.training(epochs: 20)
    (training.optimizer, training.learningRate, training.clipNorm) = ("sgd", 1000, 0)
    training.schedule = .constant
    let error = #expect(throws: SeqError.self) {
      try trainer(ToyTask.architecture("rnn-relu"), training).fit(
        train: ToyTask.examples(400, seed: 1))
    }
    guard case .nonFinite(_, let step, let rate) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(step > 1 && rate == 1000)
  }

  @Test func unusableDataIsRefused() throws {
    let trainer = try trainer(ToyTask.architecture("lstm"), ToyTask.training(epochs: 1))
    let good = ToyTask.examples(20, seed: 1)
    func refuses(
      _ change: (inout ClassifierExamples) -> Void,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      var bad = good
      change(&bad)
      #expect(throws: SeqError.self, sourceLocation: sourceLocation) {
        try trainer.fit(train: bad)
      }
    }
    refuses { $0 = ClassifierExamples(ids: IDChunk(), labels: []) }
    refuses { $0.labels.removeLast() }
    refuses { $0.labels[3] = 2 }
    refuses { $0.labels[3] = -1 }
    refuses { $0.ids.ids[0] = 7 }
    refuses { $0.ids.ids[0] = -1 }
    refuses { $0.distributions = Tensor(zeros: [19, 2]) }
    #expect(throws: SeqError.self) {
      var dev = good
      dev.labels[0] = -1
      dev.distributions = Tensor(zeros: [20, 2])
      _ = try trainer.fit(train: good, dev: dev)
    }
    #expect(throws: SeqError.self) {
      try ClassifierTrainer(
        architecture: ToyTask.architecture("lstm"), training: TrainingOptions(), labels: ["one"])
    }
  }
}
