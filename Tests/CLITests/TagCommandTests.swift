import Pipeline
import TestSupport
import Testing

/// `train tag`, `tag` and `evaluate` of a tagger, on sentences that a small grammar makes up.
@Suite struct TagCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private static let quickly = [
    "--epochs", "2", "--hidden", "12", "--embedding", "6", "--character-embedding", "5",
    "--character-hidden", "6", "-q",
  ]

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    let grammar = BinaryRunner.packageFolder + "/examples/tagging/sentences.awk"
    for (name, count, seed) in [("t", 300, 1), ("d", 80, 2)] {
      let made = try seqtool.shell(
        "awk -v count=\(count) -v seed=\(seed) -f '\(grammar)' > \(name)")
      #expect(made.code == 0, "\(made.errors)")
    }
  }

  @discardableResult
  private func train(_ arguments: String...) throws -> BinaryResult {
    try seqtool.run(["train", "tag", "t"] + Self.quickly + arguments)
  }

  private func figures(_ arguments: String...) throws -> JSONValue {
    try JSONParser.parse(try seqtool.run(["evaluate", "--json"] + arguments).stdout)
  }

  /// With no flag, names that were never seen are found by spelling and context.
  @Test func learnsFromContextAndSpelling() throws {
    let grammar = BinaryRunner.packageFolder + "/examples/tagging/sentences.awk"
    _ = try seqtool.shell("awk -v count=600 -v seed=1 -f '\(grammar)' > more")
    let trained = try seqtool.run("train", "tag", "more", "-o", "m", "--epochs", "8", "-q")
    #expect(trained.code == 0, "\(trained.errors)")
    let report = try figures("-m", "m", "d")
    #expect(try #require(report["f1"]?.doubleValue) > 0.95)
    #expect(try #require(report["accuracy"]?.doubleValue) > 0.97)
    #expect(
      report["per_type"]?.arrayValue?.compactMap { $0["type"]?.stringValue }
        == ["LOC", "MISC", "ORG", "PER"])
    #expect(try seqtool.run("evaluate", "-m", "m", "d", "--fail-under", "f1=0.9").code == 0)
    #expect(try seqtool.run("evaluate", "-m", "m", "d", "--fail-under", "f1=1.1").code == 1)
    // What `tag` gives is what `evaluate` judges.
    let tagged = try seqtool.shell(
      "seqtool tag -m m d | awk 'NF { n++; c += $(NF-1) == $NF } END { printf \"%.6f\", c / n }'")
    let accuracy = try #require(Double(tagged.output))
    #expect(abs(accuracy - (report["accuracy"]?.doubleValue ?? 0)) < 1e-6)
  }

  @Test func everyLineIsEchoedAndTagged() throws {
    #expect(try train("-o", "m").code == 0)
    let lines: [[UInt8]] = [
      Array("Mr".utf8), Array("Barador  NN\tx ".utf8), [], Array(" \t".utf8),
      Array("-DOCSTART- O".utf8), Array("a\u{0}b".utf8), [0xFF, 0x41], Array("né".utf8),
    ]
    let input = lines.joined(separator: [0x0A]).map { $0 }
    let whole = try seqtool.run(["tag", "-m", "m", "-q"], input: input)
    #expect(whole.code == 0, "\(whole.errors)")
    #expect(whole.lines.count == lines.count)
    for (line, output) in zip(lines, whole.lines) {
      #expect(output.starts(with: line))
      let tag = output.dropFirst(line.count)
      let isEmpty = [2, 3, 4].contains(lines.firstIndex(of: line))
      #expect(isEmpty ? tag.isEmpty : tag.first == 0x09 && tag.count > 1)
    }
    let ended = try seqtool.run(["tag", "-m", "m", "-q"], input: input + [0x0A])
    #expect(ended.stdout == whole.stdout)
    let tags = try seqtool.run(["tag", "-m", "m", "-q", "--tag-only"], input: input)
    #expect(tags.lines.count == lines.count && tags.lines[2].isEmpty)
    let skipped = try seqtool.run(["tag", "-m", "m", "-q", "--invalid", "skip"], input: input)
    #expect(skipped.lines.count == lines.count && skipped.lines[6].isEmpty)
    let second = try seqtool.run(
      ["tag", "-m", "m", "-q", "--token-column", "2"], input: Array("a b\nc\n".utf8))
    #expect(second.code == 65 && second.errors.contains("-:2: there is no column 2"))
  }

  /// Many chunks, sentences across their borders, and one sentence without end.
  @Test func threadsAndChunksChangeNoByte() throws {
    #expect(try train("-o", "m").code == 0)
    let made = try seqtool.shell(
      "for i in $(seq 30); do cut -d' ' -f1 t; done > long; tr -s '\\n' < t | head -4000 >> long")
    #expect(made.code == 0)
    let one = try seqtool.run("tag", "-m", "m", "-j", "1", "long")
    #expect(one.code == 0, "\(one.errors)")
    #expect(try seqtool.run("tag", "-m", "m", "-j", "2", "long").stdout == one.stdout)
    #expect(
      try seqtool.shell("cat long | seqtool tag -m m --line-buffered").stdout == one.stdout)
    let lines = try seqtool.shell("wc -l < long; seqtool tag -m m long | wc -l").lines
    #expect(lines[0] == lines[1])
    // A file's end is a sentence's end: two files are not read as one sentence.
    try folder.write("a", "Mr\nBarador")
    let both = try seqtool.run("tag", "-m", "m", "a", "a").lines
    #expect(both.prefix(2) == both.suffix(2))
  }

  @Test func theSameSeedGivesTheSameBytesAtAnyNumberOfThreads() throws {
    #expect(try train("-o", "1", "-j", "1").code == 0)
    #expect(try train("-o", "2", "-j", "2").code == 0)
    #expect(try train("-o", "3", "--seed", "2").code == 0)
    #expect(try folder.read("1") == folder.read("2"))
    #expect(try folder.read("1") != folder.read("3"))
  }

  /// A signal ends it with 75; the same command then ends in the bytes of one that was left alone.
  @Test(arguments: ["TERM", "KILL"])
  func aStoppedTrainingGoesOn(signal: String) throws {
    let long = "--epochs 6 --hidden 24 -q -o"
    #expect(try seqtool.shell("seqtool train tag t \(long) whole").code == 0)
    let stopped = try seqtool.shell(
      """
      seqtool train tag t \(long) m --checkpoint c --checkpoint-every 1ms & pid=$!
      until ls c/*.ckpt >/dev/null 2>&1; do sleep 0.01; done
      kill -\(signal) $pid; wait $pid
      """)
    #expect([0, signal == "KILL" ? 137 : 75].contains(stopped.code), "\(stopped.errors)")
    let rest = try seqtool.shell("seqtool train tag t \(long) m --checkpoint c -j 1")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try folder.read("m") == folder.read("whole"))
  }

  @Test func aLogAPictureAndTheModelSayWhatWasTrained() throws {
    let trained = try train(
      "-o", "m", "--plot", "p.svg", "--log", "l.jsonl", "--decoder", "softmax", "--dev", "d")
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(String(decoding: try folder.read("p.svg"), as: UTF8.self).contains(">dev f1<"))
    let log = try folder.read("l.jsonl").split(separator: 0x0A).map { try JSONParser.parse($0) }
    #expect(log.map { $0["event"]?.stringValue } == ["begin", "epoch", "epoch", "end"])
    #expect(log[0]["scheme"] == "bio" && log[1]["dev_f1"]?.doubleValue != nil)
    let model = try JSONParser.parse(try seqtool.run("inspect", "m", "--json").stdout)
    #expect(model["provenance"]?["command"] == "train tag")
    #expect(model["stages"]?.arrayValue?.last?["options"]?["decoder"] == "softmax")
    let tags = try seqtool.run(
      "run", "--stage", "segment.unicode(by=whitespace)", "--stage", "model(file=m)",
      text: "Mr Barador left .\n\n")
    #expect(tags.lines.map { $0.split(separator: 0x20).count } == [4, 0])
  }

  /// Every place of the file matters: a model with any byte changed is refused.
  @Test func aDamagedModelIsRefused() throws {
    #expect(try train("-o", "m").code == 0)
    let bytes = try folder.read("m")
    for place in stride(from: 9, to: bytes.count, by: bytes.count / 12) {
      var damaged = bytes
      damaged[place] ^= 0x10
      try folder.write("damaged", damaged)
      let result = try seqtool.run("tag", "-m", "damaged", text: "a\n")
      #expect(result.code == 65 && result.stdout.isEmpty, "byte \(place)")
      #expect(result.stderr.count { $0 == 0x0A } == 1)
    }
  }

  @Test(arguments: [
    (["tag", "-m", "names"], 65, "not a tagger"),
    (["tag", "-m", "gone"], 66, "gone"),
    (["tag", "-m", "m", "--token-column", "0"], 64, "no 0"),
    (["classify", "-m", "m"], 65, "classifier"),
    (["score", "-m", "m"], 65, "language model"),
    (["evaluate", "-m", "m", "d", "--confusion"], 64, "--confusion"),
    (["evaluate", "-m", "m", "d", "--fail-under", "macro_f1=1"], 64, "macro_f1"),
    (["evaluate", "-m", "m", "foreign"], 65, "X"),
    (["train", "tag", "t", "-o", "x", "--cell", "lst"], 64, "lstm"),
    (["train", "tag", "t", "-o", "x", "--decoder", "hmm"], 64, "crf"),
    (["train", "tag", "empty", "-o", "x"], 65, "no tagged token"),
    (["train", "tag", "one", "-o", "x"], 65, "two tags"),
    (["train", "tag", "plain", "-o", "x"], 65, "plain:2: 1 column"),
    (["train", "tag", "t", "-o", "no/x"], 73, "no/x"),
  ])
  func whatMakesNoSenseIsRefused(arguments: [String], code: Int, words: String) throws {
    for (name, text) in [
      ("empty", "\n\n"), ("one", "a O\nb O\n"), ("plain", "a O\nb\n"), ("foreign", "a X\nb O\n"),
    ] { try folder.write(name, text) }
    try folder.write("names", try ModelFixture.bytes())
    #expect(try train("-o", "m").code == 0)
    let result = try seqtool.run(arguments)
    #expect(result.code == code)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.stderr.count { $0 == 0x0A } == 1)
  }
}
