import Pipeline
import TestSupport
import Testing

@Suite struct DoctorCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
  }

  @Test func eachFaultIsFoundAtItsPlace() throws {
    try folder.write(
      "d.tsv",
      Array("a\tx\nb\tx\n\na\tx\na\té\na\te\u{301}\na\t\na\tz".utf8) + [0xFF, 0x0A])
    try folder.write("dev.tsv", "a\tnew\nb\té\n")
    let result = try seqtool.run("doctor", "d.tsv", "--dev", "dev.tsv", "--json")
    #expect(result.code == 0, "\(result.errors)")
    let report = try JSONParser.parse(result.stdout)
    #expect(report["records"] == 7)
    #expect(report["classes"] == ["a": 6, "b": 1])
    let problems = (report["problems"]?.arrayValue ?? []).map { problem in
      (problem["problem"]?.stringValue ?? "") + ": "
        + (problem["places"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: "; ")
    }
    #expect(
      problems == [
        "malformed_utf8: d.tsv:8:4", "mixed_normal_forms: record 5", "empty_texts: record 6",
        "duplicates: record 3 is record 1",
        "conflicting_labels: record 1 is a, record 2 is b",
        "leaks: development record 2 is training record 4",
      ])
    let strict = try seqtool.run("doctor", "d.tsv", "--dev", "dev.tsv", "--strict")
    #expect(strict.code == 1 && strict.errors == "seqtool: 6 problems found\n")
    #expect(strict.output.contains("leaks: 1 "))
  }

  @Test func soundDataHaveNoProblems() throws {
    let names = BinaryRunner.packageFolder + "/data/names"
    let result = try seqtool.run("doctor", names, "--strict")
    #expect(result.code == 0 && result.output.hasSuffix("\nno problems\n"))
    let report = try JSONParser.parse(try seqtool.run("doctor", names, "--json").stdout)
    #expect(report["records"] == 507 && report["problems"] == [])
    // One form throughout is no mixture, whichever it is.
    try folder.write("nfd.tsv", "a\te\u{301}\na\tx\nb\to\u{308}\n")
    #expect(try seqtool.run("doctor", "nfd.tsv", "--strict").code == 0)
  }

  @Test(arguments: [
    (["doctor"], 64), (["doctor", "-"], 64), (["doctor", "none"], 66), (["doctor", "bad.tsv"], 65),
    (["doctor", "empty.tsv"], 65),
  ])
  func everyFaultIsOneLineWithItsCode(arguments: [String], code: Int) throws {
    try folder.write("bad.tsv", "no tab\n")
    try folder.write("empty.tsv", "")
    let result = try seqtool.run(arguments)
    #expect(result.code == code, "\(result.errors)")
    #expect(result.errors.hasPrefix("seqtool: ") && result.errors.count { $0.isNewline } == 1)
  }
}
