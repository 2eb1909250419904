import Pipeline
import TestSupport
import Testing

/// `--precision` of the commands that read a model.
@Suite struct PrecisionCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private static let names = BinaryRunner.packageFolder + "/data/names"

  init() throws { (folder, seqtool) = try ModelFixture.folder() }

  private func figures(_ arguments: String...) throws -> JSONValue {
    try JSONParser.parse(try seqtool.run(["evaluate", "--json"] + arguments).stdout)
  }

  @Test(arguments: ["bf16", "int8"])
  func evaluateShowsWhatChanges(precision: String) throws {
    let full = try figures("-m", "m", Self.names)
    let reduced = try figures("-m", "m", Self.names, "--precision", precision)
    for name in ["loss", "accuracy", "macro_f1"] {
      let (a, b) = (full[name]?.doubleValue, reduced[name]?.doubleValue)
      let change = try #require(reduced["\(name)_change"]?.doubleValue)
      #expect(change == (try #require(b)) - (try #require(a)))
      #expect(abs(change) < 0.05)
    }
    #expect(full["loss"] != reduced["loss"])
    #expect(full["loss_change"] == nil)
    let table = try seqtool.run("evaluate", "-m", "m", Self.names, "--precision", precision)
    #expect(table.lines.contains { $0.starts(with: "accuracy_change".utf8) })
  }

  @Test func classifyKeepsEveryLineAtAnyNumberOfThreads() throws {
    let input = Array("Satoshi\n\nO’Connor\nNguyễn".utf8)
    let one = try seqtool.run(
      ["classify", "-m", "m", "--precision", "int8", "-j", "1"], input: input)
    let two = try seqtool.run(
      ["classify", "-m", "m", "--precision", "int8", "-j", "2"], input: input)
    #expect(one.code == 0 && one == two)
    #expect(one.lines.count == 4)
    #expect(one.stdout != (try seqtool.run(["classify", "-m", "m"], input: input)).stdout)
  }

  @Test func languageModelsAreReadByAllCommands() throws {
    try folder.write("t", String(repeating: "the cat sat on the mat\n", count: 60))
    let trained = try seqtool.run(
      "train", "lm", "t", "-o", "lm", "--epochs", "2", "--hidden", "12", "--embedding", "6", "-q")
    #expect(trained.code == 0, "\(trained.errors)")
    let report = try figures("-m", "lm", "t", "--precision", "int8")
    let loss = try #require(report["loss_change"]?.doubleValue)
    #expect(loss != 0 && abs(loss) < 0.1)
    for command in [
      ["score", "-m", "lm", "t"], ["complete", "-m", "lm", "t"],
      ["generate", "-m", "lm", "--length", "20"],
    ] {
      #expect(try seqtool.run(command + ["--precision", "bf16"]).code == 0)
    }
    let scores = try seqtool.run("score", "-m", "lm", "t", "--precision", "int8")
    #expect(scores.stdout != (try seqtool.run("score", "-m", "lm", "t")).stdout)
  }

  @Test func whatCannotBeReducedIsSaid() throws {
    try folder.write("s.csv", "v\n" + (0..<200).map { "\($0 % 7)\n" }.joined())
    let trained = try seqtool.run(
      "train", "forecast", "s.csv", "--epochs", "1", "--hidden", "4", "-o", "f", "-q")
    #expect(trained.code == 0, "\(trained.errors)")
    let refused = try seqtool.run("evaluate", "-m", "f", "s.csv", "--precision", "int8")
    #expect(refused.code == 64 && refused.errors.contains("precision"))
    let unknown = try seqtool.run("classify", "-m", "m", "--precision", "fp8", text: "a\n")
    #expect(unknown.code == 64 && unknown.errors.contains("int8"))
  }
}
