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

  @Test(arguments: [UnknownRule.unknown, .skip, .fold, .bytes, .hash], [false, true])
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

  @Test func bytesStandForAnUnknownToken() throws {
    let stage = try VocabularyStage.fit(.init(unknown: .bytes), on: [Self.training])
    #expect(stage.vocabulary.specialCount == 258 && stage.vocabulary.count == 261)
    #expect(stage.vocabulary.id(of: "<0x00>") == 2 && stage.vocabulary.id(of: "<0xFF>") == 257)
    let records = tokenChunk([["a", "é\n"], ["", "xyz"]])
    let ids = try StageLaws.run(stage, on: [records]).map(\.ids)
    // The token a has id 258, byte b has id 2 + b.
    let expected: [[Int32]] = [[258, 0xC5, 0xAB, 0x0C], [0x7A, 0x7B, 0x7C]]
    #expect(ids == expected)
  }

  @Test func bucketsStandForUnknownTokens() throws {
    let stage = try VocabularyStage.fit(
      .init(unknown: .hash, hashBuckets: 16), on: [Self.training])
    #expect(stage.vocabulary.count == 2 + 16 + 3)
    #expect(stage.vocabulary.id(of: "<hash:15>") == 17)
    let words = (0..<4000).map { "word \($0)" }
    let ids = try StageLaws.run(stage, on: [tokenChunk([["a"] + words])])[0].ids
    #expect(ids[0] == 18)
    var sizes = [Int](repeating: 0, count: 16)
    for id in ids.dropFirst() {
      try #require((2..<18).contains(id))
      sizes[Int(id) - 2] += 1
    }
    // 250 each on average, with a standard deviation of 15.
    #expect(sizes.allSatisfy { (170..<330).contains($0) }, "\(sizes)")
    #expect(Array(ids[1...4]) == Self.pinnedBuckets)
  }

  /// What the hash gives for "word 0" to "word 3": it must stay so, for saved models.
  static let pinnedBuckets: [Int32] = [14, 8, 13, 5]

  @Test func aSavedPipelineWithoutBucketsMeansTheirDefault() throws {
    let entry = StageEntry(VocabularyStage.self)
    var options = try #require(try entry.defaultOptions().objectValue)
    options["hashBuckets"] = nil
    var resources = ResourceWriter()
    try VocabularyStage.fit(.init(), on: [Self.training]).write(to: &resources)
    let reader = ResourceReader(resources.resources)
    let stage = try entry.make(options: .object(options), resources: reader, requiringAll: true)
    #expect((stage.base as? VocabularyStage)?.options == .init())
    options["minCount"] = nil
    #expect(throws: PipelineError.self) {
      try entry.make(options: .object(options), resources: reader, requiringAll: true)
    }
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
    #expect(throws: TokenizeError.self) {
      try VocabularyStage.fit(.init(unknown: .hash, hashBuckets: 0), on: [Self.training])
    }
    // A vocabulary that begins with other specials than the options say.
    let vocabulary = try Vocabulary(counting: [Self.training], specials: ["<end>", "<unk>"])
    #expect(throws: TokenizeError.self) {
      try VocabularyStage(options: .init(), vocabulary: vocabulary)
    }
  }
}
