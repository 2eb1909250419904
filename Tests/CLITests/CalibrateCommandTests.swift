import Pipeline
import TestSupport
import Testing

@Suite struct CalibrateCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private let names = BinaryRunner.packageFolder + "/data/names"

  init() throws { (folder, seqtool) = try ModelFixture.folder() }

  private func report(_ model: String) throws -> JSONValue {
    try JSONParser.parse(try seqtool.run("evaluate", "-m", model, names, "--json").stdout)
  }

  @Test func theLossFallsAndTheLabelsStay() throws {
    let result = try seqtool.run("calibrate", "-m", "m", names, "-o", "c", "--json")
    #expect(result.code == 0, "\(result.errors)")
    let figures = try JSONParser.parse(result.stdout)
    let (before, after) = (try report("m"), try report("c"))
    for key in ["loss", "ece"] {
      #expect(figures["before"]?[key] == before[key])
      #expect(figures["after"]?[key] == after[key])
    }
    #expect(figures["count"] == 507)
    let losses = try [before, after].map { try #require($0["loss"]?.doubleValue) }
    #expect(losses[1] < losses[0])
    #expect(before["accuracy"] == after["accuracy"])
    // At the best temperature a second fit finds nothing to do.
    let again = try JSONParser.parse(
      try seqtool.run("calibrate", "-m", "c", names, "-o", "d", "--json").stdout)
    #expect(abs(try #require(again["temperature"]?.doubleValue) - 1) < 1e-3)
  }

  @Test func theFileIsAModelLikeAnyOther() throws {
    let table = try seqtool.run("calibrate", "-m", "m", names, "-o", "c")
    #expect(table.output.contains("before") && table.output.contains("temperature"))
    #expect(try seqtool.run("calibrate", "-m", "m", names, "-o", "c2", "-j", "1").code == 0)
    #expect(try folder.read("c") == folder.read("c2"))
    #expect(try seqtool.run("calibrate", "-m", "c", names, "-o", "d").code == 0)
    let (old, new) = (try inspected("m"), try inspected("d"))
    #expect(new["self_test"] == old["self_test"])
    #expect(new["provenance"]?["train"] == old["provenance"]?["train"])
    let calibrations = new["provenance"]?["calibrations"]?.arrayValue ?? []
    #expect(calibrations.count == 2)
    #expect(calibrations.allSatisfy { $0["records"] == 507 })
    // The head alone is another.
    let changed = zip(old["tensors"]?.arrayValue ?? [], new["tensors"]?.arrayValue ?? [])
      .filter { $0["sha256"] != $1["sha256"] }.compactMap { $0.0["name"]?.stringValue }
    #expect(!changed.isEmpty)
    #expect(changed.allSatisfy { !$0.hasPrefix("rnn.") && !$0.hasPrefix("embedding") })
  }

  private func inspected(_ model: String) throws -> JSONValue {
    try JSONParser.parse(try seqtool.run("inspect", "--json", model).stdout)
  }

  @Test func aLimitIsSaid() throws {
    let label = try seqtool.run("classify", "-m", "m", "--label-only", text: "x\n").lines[0]
    try folder.write("one.tsv", label + Array("\tx\n".utf8))
    let result = try seqtool.run("calibrate", "-m", "m", "one.tsv", "-o", "c")
    #expect(result.code == 0)
    #expect(result.errors.contains("too few"))
  }

  @Test func whatCannotBeCalibratedIsRefused() throws {
    try folder.write("t", String(repeating: "the cat sat\n", count: 20))
    let small = ["--epochs", "1", "--hidden", "4", "--layers", "1", "-q", "-o", "lm"]
    #expect(try seqtool.run(["train", "lm", "t"] + small).code == 0)
    try folder.write("other.tsv", "Martian\tXyzzy\n")
    for (arguments, code, words) in [
      (["-m", "lm", names, "-o", "c"], 65, "classifier"),
      (["-m", "m", "other.tsv", "-o", "c"], 65, "Martian"),
      (["-m", "m", names, "-o", "no/c"], 73, "no/c"),
      (["-m", "m", names], 64, "-o"),
      (["-m", "gone", names, "-o", "c"], 66, "gone"),
    ] as [([String], Int, String)] {
      let result = try seqtool.run(["calibrate"] + arguments)
      #expect(result.code == code, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
      #expect(result.stderr.count { $0 == 0x0A } == 1, "\(result.errors)")
    }
    #expect(throws: (any Error).self) { try folder.read("c") }
  }
}
