import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct VocabularyStageTests {
  static let training = tokenChunk([["a", "b", "a"], ["c"]])  // a 2, b 3, c 4

  static func ids(
    _ records: [[String]], unknown: UnknownRule, appendEnd: Bool = false
  ) throws -> [[Int32]] {
    let stage = try VocabularyStage.fit(
      .init(unknown: unknown, appendEnd: appendEnd), on: [training])
    return try StageLaws.run(stage, on: [tokenChunk(records)]).map(\.ids)
  }

  @Test(arguments: [UnknownRule.unknown, .skip, .fold], [false, true])
  func keepsTheLaws(unknown: UnknownRule, appendEnd: Bool) throws {
    var random = RandomText(seed: 91)
    let texts = NaughtyText.records + random.texts(100)
    var segmenter = try SegmentUnicode().makeRunner(RunContext())
    let chunk = try segmenter.consume(TextChunk(texts))
    let stage = try VocabularyStage.fit(
      .init(minCount: 2, unknown: unknown, appendEnd: appendEnd), on: [chunk])
    #expect(stage.vocabulary.count > 20)
    #expect(try StageLaws.violations(of: stage, on: chunk) == [])
    let features = try NGramFeatures.fit(.init(maximum: 2), on: [chunk])
    var runner = try features.makeRunner(RunContext())
    let bags = try runner.consume(chunk)
    #expect(try StageLaws.violations(of: stage, on: bags) == [])
    let records = try StageLaws.run(stage, on: [bags])
    #expect(records.map(\.features) == bags.records.map(\.features))
  }

  @Test func unknownRules() throws {
    let records = [["a", "x", "b"], [], ["x"], ["Á", "C", "Ü"]]
    #expect(try Self.ids(records, unknown: .unknown) == [[2, 0, 3], [], [0], [0, 0, 0]])
    #expect(try Self.ids(records, unknown: .skip) == [[2, 3], [], [], []])
    #expect(try Self.ids(records, unknown: .fold) == [[2, 0, 3], [], [0], [2, 4, 0]])
    #expect(throws: TokenizeError.unknownToken(bytes: [0x78], record: 0)) {
      try Self.ids(records, unknown: .error)
    }
    #expect(try Self.ids([["a"], []], unknown: .error, appendEnd: true) == [[2, 1], [1]])
  }

  @Test func optionsMustFit() throws {
    #expect(throws: TokenizeError.self) {
      try VocabularyStage.fit(.init(specials: ["<end>"]), on: [Self.training])
    }
    #expect(throws: TokenizeError.self) {
      try VocabularyStage.fit(.init(specials: ["<unk>"], appendEnd: true), on: [Self.training])
    }
    #expect(throws: TokenizeError.self) {
      try VocabularyStage.fit(.init(minCount: 0), on: [Self.training])
    }
    #expect(throws: TokenizeError.self) {
      try VocabularyStage.fit(.init(maxSize: -1), on: [Self.training])
    }
    // A vocabulary that begins with other specials than the options say.
    let vocabulary = try Vocabulary(counting: [Self.training], specials: ["<end>", "<unk>"])
    #expect(throws: TokenizeError.self) {
      try VocabularyStage(options: .init(), vocabulary: vocabulary)
    }
  }
}
