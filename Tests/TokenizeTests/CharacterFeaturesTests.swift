import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct CharacterFeaturesTests {
  private func words(_ texts: [String]) throws -> TokenChunk {
    var cutter = try SegmentUnicode(options: .init(by: .whitespace)).makeRunner(RunContext())
    return try cutter.consume(TextChunk(texts))
  }

  private func spelled(_ stage: CharacterFeatures, _ chunk: TokenChunk) throws -> [[String]] {
    var runner = try stage.makeRunner(RunContext())
    let spelling = try #require(try runner.consume(chunk).spelling)
    return (0..<spelling.tokenEnds.count).map { token in
      spelling.ids[spelling.range(token)].map {
        String(decoding: stage.vocabulary.token($0) ?? [], as: UTF8.self)
      }
    }
  }

  @Test func keepsTheLawsOfStages() throws {
    let chunk = try words(["ab né", "", "ñandú 🙂🙂 a", "z"])
    let stage = try CharacterFeatures.fit(.init(), on: [chunk])
    #expect(try StageLaws.violations(of: stage, on: chunk).isEmpty)
  }

  @Test func tokensAreSpelledByScalars() throws {
    let stage = try CharacterFeatures.fit(.init(), on: [words(["né 🙂"])])
    #expect(stage.vocabulary.count == 4)
    #expect(
      try spelled(stage, words(["🙂né x", "éa"]))
        == [["🙂", "n", "é"], ["<unk>"], ["é", "<unk>"]])
  }

  @Test func optionsAreObeyed() throws {
    let chunk = try words(["aab abcd"])
    let rare = try CharacterFeatures.fit(.init(minCount: 2), on: [chunk])
    #expect(try spelled(rare, chunk)[1] == ["a", "b", "<unk>", "<unk>"])
    let short = try CharacterFeatures.fit(.init(maximumLength: 2), on: [chunk])
    #expect(try spelled(short, chunk) == [["a", "a"], ["a", "b"]])
    #expect(short.vocabulary.count == 3)
    for options in [
      CharacterFeatures.Options(minCount: 0), CharacterFeatures.Options(maximumLength: 0),
    ] {
      #expect(throws: TokenizeError.self) { try CharacterFeatures.fit(options, on: [chunk]) }
    }
  }

  @Test func theVocabularyHandsSpellingsOn() throws {
    let chunk = try words(["ab c", "d"])
    let stage = try CharacterFeatures.fit(.init(), on: [chunk])
    let vocabulary = try VocabularyStage.fit(.init(), on: [chunk])
    let ids = try Chain(stage, vocabulary).run(chunk, as: IDChunk.self)
    #expect(ids.spelling?.tokenEnds == [2, 3, 4])
  }

  @Test func damagedCharactersAreRefused() throws {
    let other = try VocabularyStage.fit(.init(specials: ["<unk>", "x"]), on: [words(["a"])])
    let reader = ResourceReader([
      "characters": Resource(
        type: .u8, shape: [other.vocabulary.encoded.count], bytes: other.vocabulary.encoded)
    ])
    #expect(throws: TokenizeError.self) {
      try CharacterFeatures(options: .init(), resources: reader)
    }
  }
}
