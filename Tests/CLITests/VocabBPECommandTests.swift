import Pipeline
import TestSupport
import Testing

@Suite struct VocabBPECommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    try folder.write("t", String(repeating: "low lower lowest\nnew newer\n", count: 20))
  }

  @Test func whatIsEncodedComesBack() throws {
    let trained = try seqtool.run("vocab", "bpe", "t", "--size", "270", "-o", "b.json")
    #expect(trained.code == 0, "\(trained.errors)")
    let text = "lower newest\n\nü\n"
    let ids = try seqtool.run(["encode", "--tokenizer", "b.json"], input: Array(text.utf8))
    let back = try seqtool.run(["decode", "--tokenizer", "b.json"], input: ids.stdout)
    #expect(back.stdout == Array(text.utf8))
    let pieces = try seqtool.run("tokenize", "--tokenizer", "b.json", text: "lower\n")
    #expect(pieces.lines.count == 1)
    #expect(pieces.lines[0].split(separator: 0x20).count < 5)
  }

  @Test func theSameTextGivesTheSameFile() throws {
    for name in ["1", "2"] {
      #expect(try seqtool.run("vocab", "bpe", "t", "--size", "280", "-o", name).code == 0)
    }
    #expect(try folder.read("1") == folder.read("2"))
    let special = ["--alphabet", "characters", "--special", "<end>", "--size", "40"]
    #expect(try seqtool.run(["vocab", "bpe", "t", "-o", "3"] + special).code == 0)
    #expect(String(decoding: try folder.read("3"), as: UTF8.self).contains("<end>"))
  }

  @Test(arguments: [
    (["t", "--size", "0", "-o", "m"], 64, "vocabularySize"),
    (["gone", "-o", "m"], 66, "gone"), (["t", "-o", "no/such/file"], 73, "no/such/file"),
  ])
  func whatMakesNoSenseIsRefused(arguments: [String], code: Int, words: String) throws {
    let result = try seqtool.run(["vocab", "bpe"] + arguments)
    #expect(result.code == code)
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  @Test func aPatternCuts() throws {
    let result = try seqtool.run("tokenize", "--by", "regex", "--pattern", "[a-z]+", text: "ab1c\n")
    #expect(result.lines == [Array("ab c".utf8)])
    #expect(try seqtool.run("tokenize", "--by", "regex", text: "a").code == 64)
    #expect(try seqtool.run("tokenize", "--pattern", "a", text: "a").code == 64)
    #expect(try seqtool.run("tokenize", "--by", "regex", "--pattern", "(", text: "a").code == 64)
  }
}
