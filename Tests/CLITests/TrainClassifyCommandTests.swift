import Pipeline
import TestSupport
import Testing

@Suite struct TrainClassifyCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
  }

  private func train(_ arguments: String...) throws -> BinaryResult {
    try seqtool.run(["train", "classify"] + arguments + ModelFixture.quickly)
  }

  @Test func theSameSeedGivesTheSameBytesAtAnyNumberOfThreads() throws {
    let names = BinaryRunner.packageFolder + "/data/names"
    #expect(try train(names, "-o", "2", "--threads", "2", "-q").code == 0)
    #expect(try train(names, "-o", "other", "--seed", "2", "-q").code == 0)
    #expect(try folder.read("2") == ModelFixture.bytes())
    #expect(try folder.read("other") != ModelFixture.bytes())
  }

  @Test func theFormsOfDataAreOne() throws {
    try folder.write("d/b.txt", "xx\nxy\nyx, \"q\"\nxxx\n")
    try folder.write("d/a.txt", "12\n21\n11\n122\n")
    try folder.write("t.tsv", "a\t12\na\t21\na\t11\na\t122\nb\txx\nb\txy\nb\tyx, \"q\"\nb\txxx\n")
    try folder.write(
      "t.csv",
      "text,label\n12,a\n21,a\n11,a\n122,a\nxx,b\nxy,b\n\"yx, \"\"q\"\"\",b\nxxx,b\n")
    let jsonl = try seqtool.shell(
      #"sed 's/"/\\"/g; s/\(.*\)\t\(.*\)/{"label":"\1","text":"\2"}/' t.tsv > t.jsonl"#)
    #expect(jsonl.code == 0)
    for form in ["d", "t.tsv", "t.csv", "t.jsonl"] {
      let result = try train(form, "-o", "m-\(form)", "-q")
      #expect(result.code == 0, "\(form): \(result.errors)")
      #expect(try folder.read("m-\(form)") == folder.read("m-d"))
    }
  }

  /// Enough short records have the n-gram teacher by themselves; a flag changes that.
  @Test func enoughShortRecordsHaveATeacher() throws {
    let lines = (0..<700).map { $0 % 2 == 0 ? "even\t\($0)a" : "odd\t\($0)b" }
    try folder.write("t", lines.joined(separator: "\n"))
    for (arguments, expected) in [
      ([], "ngrams"), (["--teacher", "none"], nil), (["--teacher", "ngrams"], "ngrams"),
    ] as [([String], String?)] {
      let quick = ["--epochs", "1", "--hidden", "8", "--layers", "1", "-o", "m", "-q"]
      #expect(try seqtool.run(["train", "classify", "t"] + quick + arguments).code == 0)
      let inspected = try JSONParser.parse(try seqtool.run(["inspect", "m", "--json"]).stdout)
      let teacher = inspected["provenance"]?["distillation"]?["teacher"]?.stringValue
      #expect(teacher == expected, "\(arguments)")
    }
  }

  @Test(arguments: [
    ("", 65, "no labelled record"), ("\n\n", 65, "no labelled record"),
    ("a\tx\na\ty\n", 65, "two labels"), ("a\tx\nb\n", 65, "t:2: "),
  ])
  func dataThatNothingCanBeLearntFrom(text: String, code: Int, words: String) throws {
    try folder.write("t", text)
    let result = try train("t", "-o", "m")
    #expect(result.code == code)
    #expect(result.errors.contains(words))
    #expect(result.stderr.count { $0 == 0x0A } == 1)
    #expect(throws: (any Error).self) { try folder.read("m") }
  }

  @Test func wrongOptionsAreOneLineAndLeaveNoFile() throws {
    try folder.write("t", "a\tx\nb\ty\n")
    let cases: [([String], Int, String)] = [
      (["--cell", "lsmt"], 64, "lstm"), (["--optimizer", "adm"], 64, "adam"),
      (["--pooling", "maxx"], 64, "max"), (["--epochs", "0"], 64, "epochs"),
      (["--ngrams", "4-1"], 64, "4-1"), (["--dev", "101%"], 64, "101%"),
      (["--learning-rate", "-1"], 64, "learning-rate"), (["--dev", "none.tsv"], 66, "none.tsv"),
      (["--schedule", "x"], 64, "cosine"),
    ]
    for (flags, code, words) in cases {
      // The last of two equal flags holds.
      let result = try seqtool.run(
        ["train", "classify", "t", "-o", "m"] + ModelFixture.quickly + flags)
      #expect(result.code == code, "\(flags): \(result.errors)")
      #expect(result.errors.contains(words), "\(flags): \(result.errors)")
      #expect(result.stderr.count { $0 == 0x0A } == 1, "\(result.errors)")
    }
    #expect(throws: (any Error).self) { try folder.read("m") }
  }

  @Test func anOutputThatCannotBeMadeIsFoundBeforeTheWork() throws {
    try folder.write("t", "a\tx\nb\ty\n")
    for output in ["no/such/folder/m", "."] {
      let result = try train("t", "-o", output)
      #expect(result.code == 73)
      #expect(result.stderr.count { $0 == 0x0A } == 1)
    }
  }

  @Test func aDevFileWithAnotherLabelIsRefused() throws {
    try folder.write("t", "a\tx\nb\ty\n")
    try folder.write("d", "a\tx\nc\ty\n")
    let result = try train("t", "--dev", "d", "-o", "m")
    #expect(result.code == 65)
    #expect(result.errors.contains("\"c\""))
  }

  @Test func everyCellAndPoolingTrains() throws {
    try folder.write("t", (0..<40).map { "\($0 % 2)\tx\($0)\n" }.joined())
    for flags in [
      ["--cell", "rnn", "--pooling", "last"], ["--cell", "rnn-relu", "--pooling", "mean"],
      ["--cell", "gru", "--pooling", "attention+max", "--bidirectional"],
      ["--ngrams", "none", "--layers", "2", "--unit", "word"],
      ["--optimizer", "sgd", "--schedule", "plateau", "--variational-dropout", "0.2"],
    ] {
      let result = try seqtool.run(
        ["train", "classify", "t", "-o", "m", "-q", "--epochs", "1", "--hidden", "8"] + flags)
      #expect(result.code == 0, "\(flags): \(result.errors)")
      #expect(try seqtool.run("classify", "-m", "m", text: "x\n").lines.count == 1)
    }
  }

  @Test func progressGoesToStderrAndCanBeRead() throws {
    try folder.write("t", "a\tx\nb\ty\n")
    let text = try train("t", "-o", "m", "--dev", "t")
    #expect(text.stdout.isEmpty)
    #expect(text.errors.contains("epoch 3/3"))
    let json = try train("t", "-o", "m", "--dev", "t", "--progress", "json")
    let events = try json.errors.split(separator: "\n").map { try JSONParser.parse($0.utf8) }
    #expect(events.map { $0["event"]?.stringValue } == ["begin", "epoch", "epoch", "epoch", "end"])
    #expect(events[1]["dev_loss"]?.doubleValue != nil)
  }

  /// A training that runs away stops with 70, or goes back with half the rate; `--resume` takes up
  /// either.
  @Test func aDivergedTrainingStopsOrGoesBack() throws {
    try folder.write("t", (0..<200).map { "\($0 % 2)\tx\($0)y\n" }.joined())
    let flags = [
      "train", "classify", "t", "-o", "m", "--cell", "rnn-relu", "--optimizer", "sgd",
      "--learning-rate", "10", "--clip-norm", "0", "--schedule", "constant", "--epochs", "3",
      "--hidden", "16", "--teacher", "none", "--ngrams", "none",
    ]
    let stopped = try seqtool.run(flags + ["--checkpoint", "c", "-q"])
    #expect(stopped.code == 70)
    #expect(stopped.errors.contains(" at step ") && stopped.errors.contains("learning rate 10.0"))
    #expect(throws: (any Error).self) { try folder.read("m") }
    let back = try seqtool.run(
      flags + ["--on-diverge", "rollback", "--checkpoint", "c", "--log", "l.jsonl"])
    #expect(back.code == 0, "\(back.errors)")
    #expect(back.errors.contains("back to the beginning, all rates times 0.5"))
    let events = try folder.read("l.jsonl").split(separator: 0x0A).map { try JSONParser.parse($0) }
    let rollbacks = events.filter { $0["event"] == "rollback" }
    #expect(rollbacks.first?["rate_factor"] == 0.5 && rollbacks.first?["number"] == 1)
    let whole = try folder.read("m")
    #expect(try seqtool.run(flags + ["--on-diverge", "rollback", "-q"]).code == 0)
    #expect(try folder.read("m") == whole)
  }

  @Test func theProvenanceNamesNoPlace() throws {
    let result = try seqtool.run(
      ["inspect", "--json", "m"], in: try ModelFixture.folder())
    let provenance = try JSONParser.parse(result.stdout)["provenance"]
    #expect(provenance?["training"]?["seed"] == 1)
    #expect(provenance?["train"]?["sha256"]?.stringValue?.count == 64)
    let text = provenance?.text() ?? ""
    #expect(!text.contains("/") && !text.contains("threads"))
  }
}

extension BinaryRunner {
  fileprivate func run(
    _ arguments: [String], in fixture: (folder: TemporaryFolder, seqtool: BinaryRunner)
  ) throws -> BinaryResult {
    try withExtendedLifetime(fixture.folder) { try fixture.seqtool.run(arguments) }
  }
}
