import TestSupport
import Testing

@Suite struct VocabCommandTests {
  private let seqtool = BinaryRunner()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func countsWordsOfNormalisedText() throws {
    let result = try seqtool.run(
      "vocab", "count", "--lowercase", text: "The cat, the DOG.\r\n\nthe é e\u{301}\n")
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output == "cat\t1\ndog\t1\nthe\t3\né\t2\n")
  }

  @Test func countsOtherUnitsAndEscapesThem() throws {
    let result = try seqtool.run(
      "vocab", "count", "--by", "grapheme", "--form", "none", text: "a\tb\\a\n")
    #expect(result.output == "\\t\t1\n\\\\\t1\na\t2\nb\t1\n")
  }

  /// Neither threads, nor memory, nor how the corpus is cut change a byte.
  @Test func theBytesAreAlwaysTheSame() throws {
    var random = RandomText(seed: 331)
    let lines = random.texts(6000, length: 60).map { $0.filter { $0 != "\n" } + "\n" }
    let whole = try folder.write("whole", lines.joined())
    let expected = try seqtool.run(["vocab", "count", "-j1", whole]).stdout
    #expect(expected.count > 10_000)
    for options in [["-j2"], ["-j3", "--memory", "1M"], ["-j1", "--memory", "1M"]] {
      #expect(try seqtool.run(["vocab", "count"] + options + [whole]).stdout == expected)
    }
    var parts: [String] = []
    for (i, begin) in stride(from: 0, to: lines.count, by: 2500).enumerated() {
      let text = lines[begin..<min(begin + 2500, lines.count)].joined()
      let counts = try seqtool.run(["vocab", "count"], input: text.utf8).stdout
      parts.append(try folder.write("part\(i)", counts))
    }
    #expect(parts.count == 3)
    #expect(try seqtool.run(["vocab", "merge"] + parts.reversed()).stdout == expected)
    #expect(try seqtool.run(["vocab", "merge"], input: expected).stdout == expected)
  }

  @Test func buildsAVocabulary() throws {
    let counts = try folder.write("counts", "a\t2\nb\t3\nc\t1\n")
    #expect(
      try seqtool.run("vocab", "build", "--min-count", "2", counts).output
        == "<unk>\t0\n<end>\t0\nb\t3\na\t2\n")
    #expect(
      try seqtool.run("vocab", "build", "--no-special", "--max-size", "\(Int.max)", counts).output
        == "b\t3\na\t2\nc\t1\n")
    #expect(
      try seqtool.run(
        "vocab", "build", "--max-size", "1", "--special", "<pad>", "--special", "<s>", counts
      ).output == "<pad>\t0\n<s>\t0\nb\t3\n")
    #expect(
      try seqtool.run("vocab", "build", "--no-special", counts).output == "b\t3\na\t2\nc\t1\n")
  }

  @Test func tellsWhatAFileHolds() throws {
    let counts = try folder.write("counts", "a\t2\nb\t3\nc\t1\n")
    #expect(
      try seqtool.run("vocab", "info", "--json", counts).output == """
        {"order":"bytes","special_tokens":0,"types":3,"tokens":6,"seen_once":1,"most_frequent":3,\
        "longest_token":1,"types_covering_90":3,"types_covering_99":3}

        """)
    let table = try seqtool.run("vocab", "info", text: "<unk>\t0\nb\t3\n").output
    #expect(table.contains("special tokens") && table.contains("types covering 90 %"))
  }

  @Test(arguments: [
    (["merge"], "b\t1\na\t1\n", 65, "-:2:"), (["build"], "a\n", 65, "-:1:"),
    (["info"], "a\tb\n", 65, "-:1:"), (["merge", "/nowhere/at/all"], "", 66, "/nowhere/at/all"),
    (["count", "--memory", "1K"], "", 64, "--memory"),
    (["build", "--min-count", "0"], "", 64, "0"),
    (["build", "--special", "a", "--special", "a"], "", 65, "stands twice"),
    (["build", "--no-special", "--special", "a"], "", 64, "exclude"),
  ])
  func badInputIsNamed(arguments: [String], text: String, code: Int32, words: String) throws {
    let result = try seqtool.run(["vocab"] + arguments, input: text.utf8)
    #expect(result.code == code)
    #expect(result.stdout == [] && result.errors.contains(words), "\(result.errors)")
  }

  @Test func nothingHasNoCounts() throws {
    for command in ["count", "merge"] {
      let result = try seqtool.run("vocab", command)
      #expect(result.code == 0 && result.stdout == [])
    }
  }
}
