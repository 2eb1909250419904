import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct BPETrainerTests {
  static let folder = BinaryRunner.packageFolder + "/Tests/TokenizeTests/Subword/Goldens/short"

  static func lines() throws -> [[UInt8]] {
    var lines = try readFile(folder + "/lines.txt").split(
      separator: 0x0A, omittingEmptySubsequences: false
    ).map(Array.init)
    lines.removeLast()
    return lines
  }

  static func chunks(of lines: [[UInt8]], size: Int) -> [TextChunk] {
    stride(from: 0, to: lines.count, by: size).map { start in
      var chunk = TextChunk()
      for line in lines[start..<min(start + size, lines.count)] { chunk.append(line) }
      return chunk
    }
  }

  static func model(_ source: [UInt8]) throws -> JSONValue {
    try #require(try JSONParser.parse(source)["model"])
  }

  @Test(arguments: [BPETrainingOptions.Alphabet.bytes, .characters])
  func learnsWhatHuggingFaceLearns(alphabet: BPETrainingOptions.Alphabet) throws {
    let training = BPETrainingOptions(
      alphabet: alphabet, vocabularySize: alphabet == .bytes ? 500 : 900, minFrequency: 2,
      specialTokens: ["<s>"])
    let chunks = Self.chunks(of: try Self.lines(), size: 50)
    let stage = try SubwordEncode.fit(
      .init(specialTokens: true, training: training), on: chunks)
    let ours = try Self.model(stage.definition.source)
    let theirs = try Self.model(readFile(Self.folder + "/trained-\(alphabet.rawValue).json"))
    try #require((theirs["merges"]?.arrayValue?.count ?? 0) > 50)
    #expect(ours["merges"] == theirs["merges"])
    #expect(ours["vocab"] == theirs["vocab"])
  }

  @Test func doesNotDependOnTheChunks() throws {
    let lines = try Self.lines()
    let options = SubwordEncode.Options(
      specialTokens: true, training: .init(vocabularySize: 400))
    let sources = try [1, 7, 1000].map {
      try SubwordEncode.fit(options, on: Self.chunks(of: lines, size: $0)).definition.source
    }
    let backwards = try SubwordEncode.fit(
      options, on: Self.chunks(of: lines.reversed(), size: 9)
    ).definition.source
    #expect(sources[1] == sources[0])
    #expect(sources[2] == sources[0])
    #expect(backwards == sources[0])
  }

  @Test func stopsAtTheFrequency() throws {
    let chunk = TextChunk(["ab ab ab", "cd cd", "ef"])
    let options = SubwordEncode.Options(
      specialTokens: true, training: .init(vocabularySize: 1000, minFrequency: 3))
    let stage = try SubwordEncode.fit(options, on: [chunk])
    let merges = try Self.model(stage.definition.source)["merges"]
    #expect(merges == [["a", "b"]])
    #expect(
      try stage.definition.tokenizer.decode(stage.definition.tokenizer.encode("ab x é")) == "ab x é"
    )
  }

  @Test func refusesBadOptions() throws {
    for training in [
      BPETrainingOptions(vocabularySize: 0), BPETrainingOptions(minFrequency: -1),
      BPETrainingOptions(specialTokens: [""]),
    ] {
      #expect(throws: TokenizeError.self) { try BPETrainer(training) }
    }
  }
}
