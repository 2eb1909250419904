import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct SubwordEncodeTests {
  static func definition(_ name: String) throws -> SubwordDefinition {
    let path = BPETrainerTests.folder + "/" + name
    return try SubwordDefinition(source: readFile(path), file: path)
  }

  static let files =
    GoldenFamily.names.map { $0 + ".json" } + GoldenFamily.sentencePieceNames.map { $0 + ".model" }

  @Test(arguments: files)
  func keepsTheLaws(file: String) throws {
    var random = RandomText(seed: 17)
    let chunk = TextChunk(NaughtyText.records + random.texts(60))
    let definition = try Self.definition(file)
    let encode = SubwordEncode(definition: definition)
    #expect(try StageLaws.violations(of: encode, on: chunk) == [])
    let tokenize = SubwordTokenize(definition: definition)
    #expect(try StageLaws.violations(of: tokenize, on: chunk) == [])
  }

  @Test(arguments: files)
  func spansLieInTheRecord(file: String) throws {
    var random = RandomText(seed: 18)
    let chunk = TextChunk(NaughtyText.records + random.texts(200))
    let stage = SubwordTokenize(definition: try Self.definition(file))
    var runner = stage.makeRunner(RunContext(tracksOffsets: true))
    let tokens = try runner.consume(chunk)
    let spans = try #require(tokens.spans)
    #expect(spans.count == tokens.starts.count)
    for record in 0..<chunk.count {
      let bytes = chunk.bytes[chunk.range(record)]
      for token in tokens.tokens(record) {
        let span = spans[token]
        #expect(Int(span.upperBound) <= bytes.count)
        for border in [span.lowerBound, span.upperBound] where Int(border) < bytes.count {
          #expect(bytes[bytes.startIndex + Int(border)] & 0xC0 != 0x80, "\(file), \(record)")
        }
      }
    }
  }

  @Test func byteLevelTextsComeBack() throws {
    let tokenizer = try Self.definition("gpt2.json").tokenizer
    var random = RandomText(seed: 19)
    for text in NaughtyText.records + random.texts(200) {
      #expect(try tokenizer.decode(tokenizer.encode(text)).isIdentical(to: text))
    }
  }

  /// In whatever order ids come, special ones and parts of characters among them.
  @Test(arguments: files)
  func aStreamIsDecodedAsOneTextIs(file: String) throws {
    let tokenizer = try Self.definition(file).tokenizer
    let decoder = SubwordDecoder(tokenizer)
    var random = RandomText(seed: 20)
    var chunk = IDChunk()
    for record in 0..<300 {
      for _ in 0..<record % 23 {
        chunk.ids.append(Int32.random(in: 0..<Int32(tokenizer.idBound), using: &random))
      }
      chunk.recordEnds.append(UInt32(chunk.ids.count))
    }
    for skipsSpecials in [false, true] {
      let texts = try decoder.decode(chunk, skipsSpecials: skipsSpecials)
      for record in 0..<chunk.count {
        let text = try tokenizer.decode(
          chunk.ids[chunk.range(record)], skipsSpecialTokens: skipsSpecials)
        #expect(Array(texts.bytes[texts.range(record)]) == Array(text.utf8))
      }
    }
  }
}
