import Pipeline
import TestSupport
import Testing

/// `train forecast`, `forecast` and `evaluate` of a forecaster.
@Suite struct ForecastCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private static let quickly = ["--epochs", "3", "--hidden", "8", "-q"]

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    let script = BinaryRunner.packageFolder + "/examples/forecasting/series.awk"
    let made = try seqtool.shell("awk -v count=400 -v seed=1 -f '\(script)' > s.csv")
    #expect(made.code == 0, "\(made.errors)")
  }

  @discardableResult
  private func train(_ arguments: String...) throws -> BinaryResult {
    try seqtool.run(
      ["train", "forecast", "s.csv", "--column", "value"] + Self.quickly + arguments)
  }

  /// With no flag but the horizon and the season, the baselines are beaten on rows never seen.
  @Test func beatsTheBaselines() throws {
    let cut = try seqtool.shell(
      "head -n 341 s.csv > a.csv; (head -n 1 s.csv; tail -n 90 s.csv) > b.csv")
    #expect(cut.code == 0)
    let trained = try seqtool.run(
      "train", "forecast", "a.csv", "--column", "value", "--horizon", "4", "--season", "12", "-o",
      "m", "--progress", "json")
    #expect(trained.code == 0, "\(trained.errors)")
    let judged = try trained.errors.split(separator: "\n").map { try JSONParser.parse($0.utf8) }
      .first { $0["event"] == "judged" }
    #expect(try #require(judged?["skill"]?.doubleValue) > 0.5)
    let report = try JSONParser.parse(
      try seqtool.run("evaluate", "-m", "m", "b.csv", "--json").stdout)
    let mae = try #require(report["mae"]?.doubleValue)
    #expect(mae < 0.5 * (report["last_value"]?["mae"]?.doubleValue ?? 0))
    #expect(mae < report["last_season"]?["mae"]?.doubleValue ?? 0)
    #expect(report["per_step"]?.arrayValue?.count == 4)
    let table = try seqtool.run("evaluate", "-m", "m", "b.csv", "--fail-under", "skill=0.5")
    #expect(table.code == 0 && table.output.contains("last season"))
    #expect(try seqtool.run("evaluate", "-m", "m", "b.csv", "--fail-under", "skill=1").code == 1)
  }

  @Test func forecastsAreCSV() throws {
    #expect(try train("-o", "m", "--horizon", "3").code == 0)
    let three = try seqtool.run("forecast", "-m", "m", "s.csv")
    #expect(three.code == 0, "\(three.errors)")
    #expect(three.output.hasPrefix("step,value\n1,"))
    #expect(three.lines.count == 4)
    let five = try seqtool.shell("seqtool forecast -m m --steps 5 < s.csv")
    #expect(five.lines.count == 6)
    #expect(five.lines.prefix(4) == three.lines[...])
    for line in five.lines.dropFirst() {
      let value = try #require(
        Double(String(decoding: line, as: UTF8.self).split(separator: ",")[1]))
      #expect((50...200).contains(value))
    }
    let wide = try train("-o", "w", "--inputs", "step")
    #expect(wide.code == 0, "\(wide.errors)")
    #expect(try seqtool.run("forecast", "-m", "w", "s.csv").lines.count == 2)
    let far = try seqtool.run("forecast", "-m", "w", "--steps", "2", "s.csv")
    #expect(far.code == 64 && far.errors.contains("horizon"))
  }

  @Test func theSameSeedGivesTheSameBytesAtAnyNumberOfThreads() throws {
    #expect(try train("-o", "1", "-j", "1").code == 0)
    #expect(try train("-o", "2", "-j", "2").code == 0)
    #expect(try train("-o", "3", "--seed", "2").code == 0)
    #expect(try folder.read("1") == folder.read("2"))
    #expect(try folder.read("1") != folder.read("3"))
  }

  @Test func aStoppedTrainingGoesOn() throws {
    let long = "s.csv --column value --epochs 30 -q -o"
    #expect(try seqtool.shell("seqtool train forecast \(long) whole").code == 0)
    let stopped = try seqtool.shell(
      """
      seqtool train forecast \(long) m --checkpoint c --checkpoint-every 1ms & pid=$!
      until ls c/*.ckpt >/dev/null 2>&1; do sleep 0.01; done
      kill -TERM $pid; wait $pid
      """)
    #expect([0, 75].contains(stopped.code), "\(stopped.errors)")
    let rest = try seqtool.shell("seqtool train forecast \(long) m --checkpoint c -j 1")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try folder.read("m") == folder.read("whole"))
  }

  @Test func aPictureShowsErrorsAndNoPerplexity() throws {
    #expect(try train("-o", "m", "--plot", "p.svg", "--log", "l").code == 0)
    let svg = String(decoding: try folder.read("p.svg"), as: UTF8.self)
    #expect(svg.contains(">mean squared error<") && !svg.contains("perplexity"))
    #expect(!String(decoding: try folder.read("l"), as: UTF8.self).contains("perplexity"))
  }

  @Test(arguments: [
    (["forecast", "-m", "names"], 65, "not a forecaster"),
    (["forecast", "-m", "m", "gone.csv"], 66, "gone.csv"),
    (["forecast", "-m", "m", "text.csv"], 65, "text.csv:3: 'x' in column \"value\""),
    (["forecast", "-m", "m", "hole.csv"], 65, "hole.csv:3: column \"value\" is empty"),
    (["forecast", "-m", "m", "short.csv"], 65, "1 rows"),
    (["forecast", "-m", "m", "--steps", "0"], 64, "--steps 0"),
    (["tag", "-m", "m"], 65, "not a tagger"),
    (["evaluate", "-m", "m", "s.csv", "s.csv"], 64, "one file"),
    (["evaluate", "-m", "m", "s.csv", "--fail-under", "accuracy=1"], 64, "accuracy"),
    (["train", "forecast", "s.csv", "-o", "x"], 65, "--column"),
    (["train", "forecast", "s.csv", "--column", "valu", "-o", "x"], 65, "value"),
    (["train", "forecast", "s.csv", "--inputs", "step", "-o", "x"], 64, "--column"),
    (
      ["train", "forecast", "s.csv", "--column", "value", "--inputs", "value", "-o", "x"], 64,
      "twice"
    ),
    (
      ["train", "forecast", "s.csv", "--column", "value", "--window", "500", "-o", "x"], 65,
      "window"
    ),
    (
      ["train", "forecast", "s.csv", "--column", "value", "--horizon", "0", "-o", "x"], 64,
      "horizon"
    ),
    (["train", "forecast", "short.csv", "-o", "x"], 65, "rows"),
  ])
  func whatMakesNoSenseIsRefused(arguments: [String], code: Int, words: String) throws {
    for (name, text) in [
      ("text.csv", "value\n1\nx\n"), ("hole.csv", "value,b\n1,2\n,3\n"),
      ("short.csv", "value\n1\n"),
    ] { try folder.write(name, text) }
    try folder.write("names", try ModelFixture.bytes())
    #expect(try train("-o", "m").code == 0)
    let result = try seqtool.run(arguments)
    #expect(result.code == code)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.stderr.count { $0 == 0x0A } == 1)
  }
}
