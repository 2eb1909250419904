import Glibc
import Pipeline
import TestSupport
import Testing
import Tokenize

/// Parity with Hugging Face's `tokenizers` and SentencePiece, on goldens that they made.
@Suite struct SubwordTokenizerTests {
  /// The goldens of the repository, and those that the environment names.
  static let folders: [String] = {
    let short = BinaryRunner.packageFolder + "/Tests/TokenizeTests/Subword/Goldens/short"
    guard let long = getenv("SEQTOOL_PARITY") else { return [short] }
    return [String(cString: long)]
  }()

  @Test(arguments: GoldenFamily.names, folders)
  func agreesWithHuggingFace(name: String, folder: String) throws {
    let family = try GoldenFamily(name, in: folder)
    try #require(family.lines.count >= 200)
    let result = try family.compare()
    print(
      "\(name): ids \(result.sameIDs), offsets \(result.sameOffsets), texts \(result.sameTexts) "
        + "of \(result.records)")
    #expect(result.sameIDs == result.records, "\(result.differences)")
    #expect(result.sameOffsets == result.records, "\(result.differences)")
    #expect(result.sameTexts == result.records, "\(result.differences)")
  }

  @Test(arguments: GoldenFamily.sentencePieceNames, folders)
  func agreesWithSentencePiece(name: String, folder: String) throws {
    let family = try GoldenFamily(name, in: folder)
    try #require(family.lines.count >= 200)
    let result = try family.compare()
    print("\(name): ids \(result.sameIDs) of \(result.records)")
    #expect(result.sameIDs == result.records, "\(result.differences)")
  }

  /// What an encoder remembers of earlier records, unknown words too, changes nothing.
  @Test(arguments: GoldenFamily.sentencePieceNames + ["t5", "albert", "llama"])
  func memoryChangesNothing(name: String) throws {
    let family = try GoldenFamily(name, in: Self.folders[0])
    var random = RandomText(seed: 74)
    let words = random.texts(40, length: 3) + ["a", "the", "Ünknown", "日本", "ξ", "🇩🇪", "aaaa"]
    var chunk = TextChunk()
    for _ in 0..<400 {
      let count = Int.random(in: 0...12, using: &random)
      let chosen = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
      chunk.append(chosen.joined(separator: " ").utf8)
    }
    var runner = SubwordEncode(definition: family.definition).makeRunner(RunContext())
    let all = try runner.consume(chunk)
    for record in 0..<chunk.count {
      let alone = try family.definition.tokenizer.encode(chunk.string(record))
      #expect(Array(all.ids[all.range(record)]) == alone, "\(chunk.string(record))")
    }
  }
}
