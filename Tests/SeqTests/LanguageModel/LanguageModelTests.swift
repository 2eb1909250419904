import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct LanguageModelTests {
  /// A reader that no file stands behind can say anything.
  @Test func weightsOfAnotherSizeAreRefused() throws {
    let model = try SampleLanguageModel.make()
    var writer = ResourceWriter()
    try model.write(to: &writer)
    for change: (inout Resource) -> Void in [
      { $0.bytes.removeLast(4) }, { $0.bytes += [0, 0, 0, 0] }, { $0.shape.append(1) },
      { $0.type = .i32 },
    ] {
      var resources = writer.resources
      change(&resources["embedding.weight", default: Resource(type: .u8, shape: [], bytes: [])])
      #expect(throws: PipelineError.self) {
        try LanguageModel(options: model.options, resources: ResourceReader(resources))
      }
    }
  }

  private let records: [[Int32]] = [
    [3, 4, 5], [], [0], [6, 6, 6, 2, 3, 4, 5, 0, 2], [2, 3],
    (0..<300).map { Int32($0 * 5 % 7) },
  ]

  private func scores(_ records: [[Int32]], _ model: LanguageModel) throws -> [Double] {
    var runner = try model.makeRunner(RunContext())
    return try runner.consume(Samples.chunk(records)).logProbabilities
  }

  @Test(arguments: Cells.all.map(\.name), [false, true])
  func aRecordIsScoredBySymbolAfterSymbol(cell: String, tied: Bool) throws {
    let model = try SampleLanguageModel.make(cell: cell, tied: tied)
    let together = try scores(records, model)
    for (record, score) in zip(records, together) {
      let alone = SampleLanguageModel.logProbability(record, model)
      #expect(abs(score - alone) <= 1e-5 * max(1, abs(alone)))
      #expect(try scores([record], model) == [score])
    }
    #expect(try scores(records.reversed(), model) == together.reversed())
    #expect(try scores([], model).isEmpty)
  }

  @Test func probabilitiesOfAllRecordsOfALengthSumToThoseThatGoOn() throws {
    let model = try SampleLanguageModel.make(end: 0)
    func mass(_ length: Int) throws -> Double {
      var all: [[Int32]] = [[]]
      for _ in 0..<length { all = all.flatMap { r in (1..<7).map { r + [Int32($0)] } } }
      return try scores(all, model).reduce(0) { $0 + Double.exp($1) }
    }
    let short = try mass(0) + mass(1) + mass(2)
    // What is not ended by then: the mass of three symbols that are no end.
    var rest = 0.0
    for a in 1..<7 {
      for b in 1..<7 {
        var generator = SymbolGenerator(model, seed: 1)
        var log = Double(generator.logProbabilities[a])
        generator.read(Int32(a))
        log += Double(generator.logProbabilities[b])
        generator.read(Int32(b))
        rest += Double.exp(log) * (1 - Double.exp(Double(generator.logProbabilities[0])))
      }
    }
    #expect(abs(short + rest - 1) <= 1e-5)
  }

  /// A text is read in streams whose states go on from window to window.
  @Test(arguments: [1, 2])
  func aTextIsScoredAsOne(threads: Int) throws {
    let model = try SampleLanguageModel.make()
    let text = (0..<400).map { Int32($0 * $0 % 7) }
    var generator = SymbolGenerator(model, seed: 1)
    var expected = 0.0
    for symbol in text {
      expected += Double(generator.logProbabilities[Int(symbol)])
      generator.read(symbol)
    }
    let found = model.logProbability(ofText: text, threads: threads)
    #expect(abs(found - expected) <= 1e-4 * abs(expected))
    let long = (0..<9000).map { Int32($0 * $0 % 7) }
    #expect(
      model.logProbability(ofText: long, threads: 2)
        == model.logProbability(ofText: long, threads: 1))
    #expect(model.logProbability(ofText: [], threads: threads) == 0)
  }

  @Test func aModelFileGivesTheSameModel() throws {
    let model = try SampleLanguageModel.make(tied: true)
    let bytes = try ModelFile.bytes(
      of: try Chain([AnyStage(model)]),
      information: ModelInformation(provenance: [:], icuVersion: "1", unicodeVersion: "1"))
    let loaded = try ModelFile.read(bytes: bytes, registry: try Registry(SeqStages.all))
    let again = try #require(loaded.chain.stages.last?.base as? LanguageModel)
    #expect(try scores(records, again) == scores(records, model))
  }

  @Test func symbolsThatAreNoneAreRefused() throws {
    let model = try SampleLanguageModel.make()
    for id: Int32 in [-1, 7] {
      #expect(throws: SeqError.self) { try scores([[1], [2, id]], model) }
    }
  }

  @Test func optionsAreChecked() {
    for (change, word) in [
      ({ $0.symbols = 0 }, "symbols"), ({ $0.end = 9 }, "end"), ({ $0.cell = "x" }, "cell"),
      ({ $0.tied = true }, "embedding"),
    ] as [((inout LanguageModelOptions) -> Void, String)] {
      var options = LanguageModelOptions()
      options.symbols = 5
      change(&options)
      let error = #expect(throws: SeqError.self) { try options.validate() }
      #expect(error?.description.contains(word) == true)
    }
  }
}
