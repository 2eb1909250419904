import Glibc
import Pipeline
import TestSupport
import Testing

/// `train lm`, `score`, `generate`, `complete` and `evaluate` of a language model.
@Suite struct LanguageModelCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private static let quickly = [
    "--epochs", "2", "--hidden", "12", "--embedding", "6", "--layers", "1", "--batch-size", "8",
    "--bptt", "12",
  ]

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    let line = "the cat sat on the mat\nthe dog ran\n\nÄrger für alle\n"
    try folder.write("t", String(repeating: line, count: 30))
  }

  private func train(_ arguments: String...) throws -> BinaryResult {
    try seqtool.run(["train", "lm", "t", "-q"] + Self.quickly + arguments)
  }

  private func figures(_ arguments: String...) throws -> JSONValue {
    try JSONParser.parse(try seqtool.run(["evaluate", "--json"] + arguments).stdout)
  }

  @Test(arguments: ["char", "word", "bpe"])
  func everyUnitGoesAllTheWay(unit: String) throws {
    let size = unit == "bpe" ? ["--vocabulary-size", "280"] : []
    let trained = try seqtool.run(
      ["train", "lm", "t", "-q", "-o", "m", "--unit", unit] + Self.quickly + size)
    #expect(trained.code == 0, "\(trained.errors)")
    let report = try figures("-m", "m", "t")
    let perplexity = try #require(report["perplexity"]?.doubleValue)
    let loss = try #require(report["loss"]?.doubleValue)
    #expect(abs(exp(loss) - perplexity) < 1e-9 * perplexity)
    #expect(perplexity > 1 && perplexity < 300)
    let text = try seqtool.run("generate", "-m", "m", "--prompt", "the cat", "--length", "30")
    #expect(text.code == 0)
    #expect(text.stdout.starts(with: "the cat".utf8))
    #expect(
      text.stdout
        == (try seqtool.run("generate", "-m", "m", "--prompt", "the cat", "--length", "30")).stdout)
    let next = try seqtool.run("complete", "-m", "m", "-k", "2", text: "the\n\n")
    #expect(next.lines.count == 2)
    #expect(next.lines.allSatisfy { $0.split(separator: 0x09).count == 4 })
  }

  @Test func scoresAreOneLineForEachRecord() throws {
    #expect(try train("-o", "m").code == 0)
    let records =
      Array("the cat\n\na\u{0}b\r\n\u{1F600}\n".utf8) + [0xFF, 0xFE, 0x0A] + Array("no end".utf8)
    for threads in ["1", "2"] {
      let result = try seqtool.run(["score", "-m", "m", "-j", threads, "-q"], input: records)
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.lines.count == 6)
      #expect(result.lines[5].suffix(7) == Array("\tno end".utf8)[...])
    }
    let json = try seqtool.run(["score", "-m", "m", "--jsonl"], input: Array("the cat\n".utf8))
    let object = try JSONParser.parse(json.lines[0])
    #expect(object["symbols"] == 8)
    let sum = try #require(object["log_probability"]?.doubleValue)
    let bits = try #require(object["bits_per_byte"]?.doubleValue)
    #expect(abs(bits + sum / log(2) / 8) < 1e-9)
    #expect(object["text"] == "the cat")
  }

  @Test func theSameSeedGivesTheSameBytesAtAnyNumberOfThreads() throws {
    #expect(try train("-o", "1", "-j", "1").code == 0)
    #expect(try train("-o", "2", "-j", "2").code == 0)
    #expect(try train("-o", "3", "--seed", "2").code == 0)
    #expect(try folder.read("1") == folder.read("2"))
    #expect(try folder.read("1") != folder.read("3"))
  }

  /// A signal ends it with 75; the same command then ends in the bytes of one that was left alone.
  @Test(arguments: ["TERM", "INT", "KILL"])
  func aStoppedTrainingGoesOn(signal: String) throws {
    let long = "--epochs 40 --hidden 32 --bptt 4 -q -o"
    #expect(try seqtool.shell("seqtool train lm t \(long) whole").code == 0)
    let stopped = try seqtool.shell(
      """
      seqtool train lm t \(long) m --checkpoint c --checkpoint-every 1ms & pid=$!
      until ls c/*.ckpt >/dev/null 2>&1; do sleep 0.01; done
      kill -\(signal) $pid; wait $pid
      """)
    // A quick machine may have come to the end.
    #expect([0, signal == "KILL" ? 137 : 75].contains(stopped.code), "\(stopped.errors)")
    let rest = try seqtool.shell("seqtool train lm t \(long) m --checkpoint c -j 1")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try folder.read("m") == folder.read("whole"))
  }

  @Test func aCheckpointOfAnotherTrainingIsRefused() throws {
    #expect(try train("-o", "m", "--checkpoint", "c").code == 0)
    let other = try train("-o", "m", "--checkpoint", "c", "--seed", "2")
    #expect(other.code == 65)
    #expect(other.errors.contains("training differs"))
    #expect(try train("-o", "m", "--checkpoint", "c", "--seed", "2", "--resume", "never").code == 0)
  }

  @Test func aPictureAndALogAreMade() throws {
    #expect(try train("-o", "m", "--plot", "p.svg", "--log", "l.jsonl").code == 0)
    let svg = String(decoding: try folder.read("p.svg"), as: UTF8.self)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains(">perplexity<") && svg.contains("<polyline"))
    let events = try folder.read("l.jsonl").split(separator: 0x0A).map {
      try JSONParser.parse($0)["event"]?.stringValue
    }
    #expect(events == ["begin", "epoch", "epoch", "end"])
  }

  @Test func optionsOfTheRecipesAreUsed() throws {
    let result = try train(
      "-o", "m", "--unit", "word", "--tied", "--embedding", "12", "--variational-dropout", "0.1",
      "--weight-dropout",
      "0.1", "--optimizer", "sgd", "--learning-rate", "5", "--decay", "0.5", "--decay-after", "1",
      "--initial-range", "0.1", "--average-after", "1", "--roll-back", "--random-bptt",
      "--activation-penalty", "1", "--temporal-penalty", "1", "--clip-norm", "0.25")
    #expect(result.code == 0, "\(result.errors)")
    let inspected = try JSONParser.parse(try seqtool.run("inspect", "m", "--json").stdout)
    #expect(inspected["provenance"]?["training"]?["decayAfter"] == 1)
    #expect(inspected["stages"]?.arrayValue?.last?["options"]?["tied"] == true)
  }

  @Test func dynamicStopsAndBeamsEnd() throws {
    #expect(try train("-o", "m").code == 0)
    let stopped = try seqtool.run(
      "generate", "-m", "m", "--length", "5000", "--stop", "t", "--temperature", "2")
    let text = String(decoding: stopped.stdout, as: UTF8.self).dropLast()
    #expect(text.hasSuffix("t") && text.count { $0 == "t" } == 1)
    #expect(try seqtool.run("generate", "-m", "m", "--beam", "3", "--length", "9").code == 0)
  }

  /// Lines are written as they are drawn: a reader that has seen enough ends it, and the bytes are
  /// those that a stop across lines, which has to wait for all, would leave.
  @Test func generateWritesLineByLine() throws {
    #expect(try train("-o", "m").code == 0)
    let head = try seqtool.shell(
      "seqtool generate -m m --length 10000000 | head -n 2; exit ${PIPESTATUS[0]}")
    #expect(head.code == 141 && head.stderr.isEmpty && head.lines.count == 2)
    let options = ["generate", "-m", "m", "--prompt", "the\ncat", "--length", "300"]
    let lines = try seqtool.run(options)
    let whole = try seqtool.run(options + ["--stop", "never\nwritten"])
    #expect(lines == whole && lines.lines.count > 3)
  }

  @Test(arguments: [
    (["score", "-m", "names"], 65, "not a language model"),
    (["generate", "-m", "names"], 65, "not a language model"),
    (["generate", "-m", "m", "--temperature", "-1"], 64, "temperature"),
    (["generate", "-m", "m", "--length", "-1"], 64, "--length"),
    (["complete", "-m", "m", "-k", "0"], 64, "-k 0"),
    (["score", "-m", "gone"], 66, "gone"),
    (["classify", "-m", "m"], 65, "classifier"),
    (["evaluate", "-m", "m", "t", "--confusion"], 64, "--confusion"),
    (["train", "lm", "t", "-o", "x", "--cell", "lst"], 64, "lstm"),
    (["train", "lm", "empty", "-o", "x"], 65, "no text"),
    (["train", "lm", "t", "-o", "x", "--tied", "--embedding", "3"], 64, "embedding"),
  ])
  func whatMakesNoSenseIsRefused(arguments: [String], code: Int, words: String) throws {
    try folder.write("empty", "")
    try folder.write("names", try ModelFixture.bytes())
    #expect(try train("-o", "m").code == 0)
    let result = try seqtool.run(arguments)
    #expect(result.code == code)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.stderr.count { $0 == 0x0A } == 1)
  }
  @Test func batchNormalisationGoesAllTheWay() throws {
    #expect(try train("-o", "m", "--normalization", "batch").code == 0)
    #expect(try figures("-m", "m", "t")["perplexity"]?.doubleValue ?? 1000 < 100)
    let dynamic = try seqtool.run("evaluate", "-m", "m", "t", "--dynamic-rate", "0.1")
    #expect(dynamic.code != 0 && dynamic.errors.contains("batch normalisation"))
  }

  @Test(arguments: ["layer", "batch"])
  func exportsAreCheckedAndComeBack(normalization: String) throws {
    #expect(try train("-o", "m", "--normalization", normalization).code == 0)
    try folder.write("texts", "the cat\n\nÄrger")
    let made = try seqtool.run(
      "export", "-m", "m", "--to", "onnx", "-o", "m.onnx", "--reference", "r.npz", "--records",
      "texts")
    #expect(made.code == 0, "\(made.errors)")
    let arrays = try NPZReader(try folder.read("r.npz")).arrays
    #expect(arrays.keys.sorted() == ["c_0", "c_n", "h_0", "h_n", "ids", "logits"])
    #expect(arrays["ids"]?.shape == [3, 8] && arrays["h_n"]?.shape == [1, 3, 12])
    let exported = try seqtool.run(
      "export", "-m", "m", "--to", "pytorch", "-o", "w", "--verify", "r.npz")
    #expect(exported.code == 0 && exported.output.hasPrefix("largest difference: "))
    let description = try JSONParser.parse(try folder.read("w.json"))
    #expect(description["format"] == "seqtool.language-model" && description["labels"] == nil)
    #expect(description["network"]?["normalization"] == .string(normalization))
    let imported = try seqtool.run("import", "w", "--like", "m", "-o", "again")
    #expect(imported.code == 0, "\(imported.errors)")
    let (before, after) = (try folder.read("m"), try folder.read("again"))
    #expect(try SafetensorsFile.read(before).tensors == SafetensorsFile.read(after).tensors)
    let scores = try ["m", "again"].map {
      try seqtool.run("score", "-m", $0, text: "the cat\n").stdout
    }
    #expect(scores[0] == scores[1] && !scores[0].isEmpty)
  }

  @Test func dynamicEvaluationLearnsFromTheText() throws {
    #expect(try train("-o", "m").code == 0)
    let plain = try #require(try figures("-m", "m", "t")["loss"]?.doubleValue)
    let dynamic = try figures("-m", "m", "t", "--dynamic-rate", "1", "-j", "2")
    #expect(try #require(dynamic["loss"]?.doubleValue) < plain - 0.1)
    #expect(try figures("-m", "m", "t", "--dynamic-rate", "1", "-j", "1") == dynamic)
    for wrong in [["--dynamic-window", "5"], ["--dynamic-rate", "-1"]] {
      let result = try seqtool.run(["evaluate", "-m", "m", "t"] + wrong)
      #expect(result.code == 64, "\(result.errors)")
    }
    try folder.write("d.tsv", "a\tb\n")
    let classifier = try seqtool.run("evaluate", "d.tsv", "--dynamic-rate", "1")
    #expect(classifier.code == 64 && classifier.errors.contains("for language models"))
  }
}
