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
}
