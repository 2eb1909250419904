import TestSupport
import Testing

/// `seqtool lab`: the exercises through the real command.
@Suite struct LabCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
  }

  private func lab(_ arguments: String...) throws -> BinaryResult {
    try seqtool.run(["lab"] + arguments)
  }

  /// The picture is SVG with as many lines as there are series.
  private func expectPicture(_ name: String, lines: Int) throws {
    let svg = String(decoding: try folder.read(name), as: UTF8.self)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.matches(of: /<polyline/).count == lines)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func nextWordPredictsBest() throws {
    let result = try lab("next-word", "--plot", "loss.svg")
    #expect(result.code == 0 && result.stderr.isEmpty)
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 12)
    #expect(lines.first == "epoch  loss")
    #expect(lines[1].hasPrefix("  100  ") && lines[10].hasPrefix(" 1000  "))
    #expect(lines.last == "Predicted word: best")
    try expectPicture("loss.svg", lines: 1)
    #expect(try lab("next-word").stdout == result.stdout)
  }

  @Test func nextWordTakesAnyPhrase() throws {
    for (phrase, word) in [
      ("a rose is a rose", "rose"), ("  к  \t слову\nсказать ", "сказать"), ("x x", "x"),
    ] {
      let result = try lab("next-word", phrase, "--epochs", "700", "--seed", "3")
      #expect(result.output.hasSuffix("\nPredicted word: \(word)\n"), "\(result.output)")
    }
    for phrase in ["", "word", "  word "] {
      let result = try lab("next-word", phrase)
      #expect(result.code == 64 && result.stdout.isEmpty)
    }
  }

  @Test func memoryIsTheSameOnAnyThreads() throws {
    func run(_ threads: String, _ arguments: String...) throws -> BinaryResult {
      try seqtool.run(
        [
          "lab", "memory", "--length", "2", "--symbols", "3", "--hidden", "24", "--batch-size",
          "16", "--steps", "1500", "-j", threads,
        ] + arguments)
    }
    let one = try run("1", "--plot", "memory.svg")
    #expect(one.code == 0)
    #expect(one.output.contains("right symbols      100.00 %"), "\(one.output)")
    #expect(one.errors.hasPrefix("step 250  length "))
    try expectPicture("memory.svg", lines: 3)
    let two = try run("2", "--quiet")
    #expect(two.stdout == one.stdout && two.stderr.isEmpty)
  }

  @Test func gradcheckEndsWithOneWhereAnErrorIsTooLarge() throws {
    let result = try lab("gradcheck", "--plot", "errors.svg")
    #expect(result.code == 0, "\(result.errors)")
    let last = try #require(result.output.split(separator: "\n").last)
    #expect(last.contains(" pieces, ") && last.contains(", largest error "))
    for cell in ["rnn", "rnn-relu", "lstm", "gru"] {
      #expect(result.output.contains("\n\(cell) layer reversed masked "))
    }
    try expectPicture("errors.svg", lines: 2)
    let strict = try lab("gradcheck", "--tolerance", "1e-300")
    #expect(strict.code == 1 && strict.stdout == result.stdout)
    #expect(strict.errors.contains("pieces have an error above 1e-300"))
  }

  @Test func gradientsVanishAndExplode() throws {
    let result = try lab("gradients", "--plot", "gradients.svg")
    #expect(result.code == 0, "\(result.end) \(result.errors)")
    let lines = result.output.split(separator: "\n")
    let last = lines.filter { $0.hasPrefix(" 1000  ") }.map { line in
      line.split(separator: " ").dropFirst().compactMap { Double($0) }
    }
    try #require(last.map(\.count) == [3, 6, 3, 6])
    #expect(last[0][0] < 1e-20 && last[0][1] < 1e-20)
    #expect(last[2][0] > 1e20 && last[2][1] > 1e20)
    #expect(last[3][1] < 1 && last[3][3] < 1)
    try expectPicture("gradients.svg", lines: 18)
    #expect(try lab("gradients", "--gain", "1").stdout != result.stdout)
  }

  @Test func namesTableHasARowForEachConfiguration() throws {
    let names = BinaryRunner.packageFolder + "/data/names"
    func run(_ arguments: String...) throws -> BinaryResult {
      try seqtool.run(["lab", "names-table", names, "--epochs", "2"] + arguments)
    }
    let result = try run("-j2", "--plot", "names.svg")
    #expect(result.code == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[1].hasPrefix("1  hidden 100, sgd 0.005, batch 1 "))
    #expect(lines[1].hasSuffix("0.6441  3.2547  3.2738"))
    #expect(result.errors.split(separator: "\n").count == 10)
    try expectPicture("names.svg", lines: 5)
    let tested = try run("-j1", "-q", "--test", names)
    #expect(tested.code == 0 && tested.stderr.isEmpty)
    let figures = { (line: Substring) in line.split(separator: " ").suffix(6).map(String.init) }
    for (one, other) in zip(lines.dropFirst(), tested.output.split(separator: "\n").dropFirst()) {
      let (one, other) = (figures(one), figures(other))
      #expect(one[2] == "-" && Double(other[2]) != nil)
      #expect(one[0...1] == other[0...1] && one[3...] == other[3...])
    }
  }

  @Test(arguments: [
    (["next-word", "--plot", "no/folder/x.svg"], 73, "no/folder"),
    (["memory", "--cell", "lsmt"], 64, "lstm"), (["memory", "--hidden", "0"], 64, "hidden"),
    (["memory", "--length", "-1"], 64, "length"), (["gradients", "--gain", "-1"], 64, "gain"),
    (["gradcheck", "--tolerance", "nan"], 64, "tolerance"),
    (["next-word", "--epochs", "0"], 64, "epochs"), (["names-table", "none"], 66, "none"),
    (["names-table", "t", "--dev", "0%"], 65, "--dev"),
    (["names-table", "t", "--dev", "t", "--test", "u"], 65, "\"c\""),
  ])
  func mistakesAreOneLine(arguments: [String], code: Int, words: String) throws {
    try folder.write("t", "a\tx\nb\ty\n")
    try folder.write("u", "c\tx\n")
    let result = try seqtool.run(["lab"] + arguments)
    #expect(result.code == code, "\(result.errors)")
    #expect(result.errors.contains(words) && result.stdout.isEmpty, "\(result.errors)")
    #expect(result.stderr.count { $0 == 0x0A } == 1)
  }
}
