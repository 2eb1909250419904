import Pipeline
import Seq
import Testing

@Suite struct TaggerTrainerTests {
  private let labels = ["B-A", "I-A", "O"]

  /// A span begins at word 3 and goes on over words that are spelled with character 2; the same
  /// spelling elsewhere is no span: context and spelling are both needed.
  private func examples(_ count: Int, seed: UInt64) -> TaggerExamples {
    var random = RandomGenerator(seed: seed, stream: 0x7461_67)
    var (words, spellings, tags) = ([[Int32]](), [[Int32]](), [Int32]())
    for _ in 0..<count {
      var isOpen = false
      words.append(
        (0..<Int.random(in: 3...9, using: &random)).map { _ in
          let word = Int32.random(in: 1..<6, using: &random)
          let isMarked = Bool.random(using: &random)
          spellings.append(isMarked ? [4, 2] : [4, 1, 3])
          tags.append(word == 3 ? 0 : isOpen && isMarked ? 1 : 2)
          isOpen = word == 3 || isOpen && isMarked
          return word
        })
    }
    var chunk = Samples.chunk(words)
    let spelled = Samples.chunk(spellings)
    chunk.spelling = Spelling(ids: spelled.ids, tokenEnds: spelled.recordEnds)
    return TaggerExamples(ids: chunk, tags: tags)
  }

  private func trainer(
    cell: String = "lstm", _ decoder: TaggerOptions.Decoder = .crf, epochs: Int = 3,
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> TaggerTrainer {
    var options = TaggerOptions()
    (options.cell, options.decoder, options.scheme) = (cell, decoder, .bio)
    (options.symbols, options.embedding, options.hidden) = (6, 5, 12)
    (options.characters, options.characterEmbedding, options.characterHidden) = (5, 4, 6)
    options.maximumLength = 8
    var training = TrainingOptions()
    (training.epochs, training.batchSize, training.learningRate) = (epochs, 10, 0.02)
    (training.dropout, training.featureDropout) = (0.1, 0.05)
    change(&training)
    return try TaggerTrainer(architecture: options, training: training, labels: labels)
  }

  private func bytes(_ tagger: RecurrentTagger) throws -> [UInt8] {
    try ModelFile.bytes(of: try Chain([AnyStage(tagger)]), information: ModelInformation())
  }

  @Test(arguments: ["rnn", "lstm", "gru"], TaggerOptions.Decoder.allCases)
  func learnsATask(cell: String, decoder: TaggerOptions.Decoder) throws {
    let tagger = try trainer(cell: cell, decoder, epochs: 12) { $0.featureDropout = 0 }
      .fit(train: examples(400, seed: 1), dev: examples(60, seed: 2), threads: 2)
    let fresh = examples(200, seed: 3)
    let report = try tagger.evaluate(fresh.ids, tags: fresh.tags)
    #expect(report.accuracy > 0.97)
    #expect(try #require(report.spans).all.f1 > 0.93)
  }

  @Test(arguments: [0, 0.2])
  func threadsChangeNoBit(variational: Double) throws {
    func model(_ threads: Int, seed: UInt64 = 1) throws -> [UInt8] {
      try bytes(
        try trainer {
          ($0.variationalDropout, $0.batchSize, $0.seed) = (variational, 70, seed)
        }.fit(train: examples(150, seed: 1), dev: examples(40, seed: 2), threads: threads))
    }
    let one = try model(1)
    #expect(try model(2) == one)
    #expect(try model(3) == one)
    #expect(try model(1, seed: 2) != one)
  }

  /// Stopped after every step and taken up again, a training ends in the same bytes.
  @Test(arguments: TaggerOptions.Decoder.allCases)
  func anInterruptionChangesNoBit(decoder: TaggerOptions.Decoder) throws {
    let trainer = try trainer(decoder) {
      ($0.schedule, $0.earlyStopping, $0.optimizer) = (.plateau, 2, "momentum")
    }
    let (train, dev) = (examples(60, seed: 1), examples(30, seed: 2))
    let whole = try bytes(try trainer.fit(train: train, dev: dev))
    let monitor = MemoryMonitor()
    monitor.stops = true
    var tagger: RecurrentTagger?
    var stops = 0
    while tagger == nil {
      do {
        tagger = try trainer.fit(train: train, dev: dev, monitor: monitor)
      } catch SeqError.interrupted { stops += 1 }
    }
    #expect(stops >= 12)
    #expect(try bytes(#require(tagger)) == whole)
    #expect(throws: SeqError.self) {
      try trainer.fit(
        train: train, dev: dev, identity: JSONObject([("train", "other")]), monitor: monitor)
    }
  }

  @Test func theEpochOfTheBestSpansIsKept() throws {
    var reports: [EpochReport] = []
    let dev = examples(50, seed: 2)
    let tagger = try trainer(epochs: 6) { $0.learningRate = 0.1 }
      .fit(train: examples(80, seed: 1), dev: dev) { event in
        if case .epoch(let report) = event { reports.append(report) }
      }
    let best = try #require(reports.compactMap(\.devF1).max())
    #expect(reports.count == 6)
    #expect(try tagger.evaluate(dev.ids, tags: dev.tags).spans?.all.f1 == best)
    #expect(reports.last { $0.isBest }?.devF1 == best)
  }

  @Test func unusableDataAreRefused() throws {
    let good = examples(5, seed: 1)
    #expect(throws: SeqError.self) {
      try trainer().fit(train: TaggerExamples(ids: IDChunk(), tags: []))
    }
    #expect(throws: SeqError.self) {
      try trainer().fit(train: TaggerExamples(ids: good.ids, tags: Array(good.tags.dropLast())))
    }
    #expect(throws: SeqError.self) {
      try trainer().fit(
        train: good, dev: TaggerExamples(ids: good.ids, tags: good.tags.map { $0 + 1 }))
    }
  }
}
