import Pipeline
import TestSupport
import Testing

@Suite struct EvaluateCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    (folder, seqtool) = try ModelFixture.folder()
    try folder.write("dev.tsv", "Japanese\tSatoshi\nVietnamese\tNguyễn\nIrish\tO’Connor\n")
  }

  @Test func theReportAgreesWithWhatClassifySays() throws {
    let names = BinaryRunner.packageFolder + "/data/names"
    let report = try JSONParser.parse(
      try seqtool.run("evaluate", "-m", "m", names, "--json", "--confusion").stdout)
    let script = """
      for f in \(names)/*.txt; do
        l=$(basename "$f" .txt); seqtool classify -m m --label-only "$f" | grep -cx "$l"
      done
      """
    let correct = try seqtool.shell(script).lines.reduce(0) {
      $0 + (Int(String(decoding: $1, as: UTF8.self)) ?? 0)
    }
    let count = try #require(report["count"]?.intValue)
    #expect(count == 507)
    #expect(report["accuracy"]?.doubleValue == Double(correct) / Double(count))
    let rows = (report["confusion"]?["counts"]?.arrayValue ?? []).map { row in
      (row.arrayValue ?? []).compactMap { $0.intValue }
    }
    #expect(rows.indices.reduce(0) { $0 + rows[$1][$1] } == correct)
    #expect(rows.joined().reduce(0, +) == count)
    #expect(report["per_class"]?.arrayValue?.count == 18)
    for key in ["loss", "perplexity", "macro_f1", "ece"] {
      #expect(report[key]?.doubleValue?.isFinite == true)
    }
  }

  @Test func threadsChangeNoFigure() throws {
    let one = try seqtool.run("evaluate", "-m", "m", "dev.tsv", "--threads", "1", "--json")
    let two = try seqtool.run("evaluate", "-m", "m", "dev.tsv", "--threads", "2", "--json")
    #expect(one.code == 0 && one == two)
  }

  @Test func aMissedLimitIsTheNegativeAnswer() throws {
    let met = try seqtool.run("evaluate", "-m", "m", "dev.tsv", "--fail-under", "accuracy=0")
    #expect(met.code == 0)
    let missed = try seqtool.run(
      "evaluate", "-m", "m", "dev.tsv", "--fail-under", "accuracy=0", "--fail-under",
      "macro_f1=1.1")
    #expect(missed.code == 1)
    #expect(missed.stdout == met.stdout)
    #expect(missed.errors.contains("macro_f1"))
  }

  @Test func aLabelThatTheModelLacksIsNamed() throws {
    try folder.write("x.tsv", "Japanese\tSatoshi\nMartian\tXyzzy\n")
    let result = try seqtool.run("evaluate", "-m", "m", "x.tsv")
    #expect(result.code == 65)
    #expect(result.errors.contains("\"Martian\"") && result.errors.contains("record 2"))
  }

  @Test func standardInputIsTSV() throws {
    let table = try seqtool.run("evaluate", "-m", "m", "-", text: "Irish\tKelly\n").output
    #expect(table.prefixMatch(of: /count +1\n/) != nil)
    #expect(table.contains("\nclass "))
    #expect(try seqtool.run("evaluate", "-m", "m", "-").code == 65)
  }
}
