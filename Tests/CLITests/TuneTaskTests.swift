import Pipeline
import TestSupport
import Testing

/// `tune --task`: the winner of any search is what its training makes of `best.json`.
@Suite struct TuneTaskTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    let examples = BinaryRunner.packageFolder + "/examples"
    let made = try seqtool.shell(
      """
      awk -v count=200 -v seed=1 -f '\(examples)/tagging/sentences.awk' > tag
      awk -v count=300 -v seed=1 -f '\(examples)/forecasting/series.awk' > forecast
      mkdir image
      """)
    #expect(made.code == 0, "\(made.errors)")
    // Bright above or bright below.
    let images = (0..<60).flatMap { (i: Int) -> [UInt8] in
      let dark = [UInt8](repeating: UInt8(i), count: 72)
      let bright = [UInt8](repeating: 200, count: 72)
      return i % 2 == 0 ? bright + dark : dark + bright
    }
    try folder.write("image/train-images-idx3-ubyte", ImageBytes.idx([60, 12, 12], images))
    try folder.write(
      "image/train-labels-idx1-ubyte", ImageBytes.idx([60], (0..<60).map { $0 % 2 }))
  }

  @Test(arguments: [
    (
      "tag", [],
      "{hidden: [6, 8], embedding: 5, character-hidden: [0, 4], dropout: {uniform: [0, 0.4]}, epochs: 4}"
    ),
    (
      "forecast", ["--column", "value"],
      "{hidden: [4, 6], horizon: 3, season: 12, cell: [gru, lstm], variational_dropout: [0, 0.2], epochs: 4}"
    ),
    (
      "image", [],
      "{first-maps: [2, 3], second-maps: 3, first-hidden: [6, 9], rotation: [0, 5], epochs: 4}"
    ),
  ])
  func theWinnerIsAnOrdinaryTraining(task: String, flags: [String], space: String) throws {
    try folder.write("space.yaml", space)
    let search = ["--space", "space.yaml", "--trials", "4", "--rungs", "2", "--factor", "2"]
    let result = try seqtool.run(
      ["tune", "--task", task, task, "--folder", "s", "-o", "m", "-q", "--json"] + flags + search)
    #expect(result.code == 0, "\(result.errors)")
    let trained = try seqtool.run(
      ["train", task, task, "--config", "s/best.json", "-o", "again", "-q"] + flags)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(try folder.read("again") == folder.read("m"))
    let trials = try JSONParser.parse(result.stdout).arrayValue ?? []
    #expect(trials.map { $0["epochs"] } == [4, 4, 2, 2])
    // A tagger of spans is chosen by their F1, all else by the loss.
    let costs = trials.compactMap {
      task == "tag" ? $0["dev_f1"]?.doubleValue.map { 1 - $0 } : $0["dev_loss"]?.doubleValue
    }
    #expect(costs.count == 4 && costs[0] <= costs[1] && costs[2] <= costs[3])
    let other = try seqtool.run(
      ["tune", "--task", task, task, "--folder", "s", "-q", "--seed", "2"] + flags + search)
    #expect(other.code == 65 && other.errors.contains("seed differs"), "\(other.errors)")
  }

  @Test func whatHasNoMeaningIsRefused() throws {
    try folder.write("wide.yaml", "{window: [12, 500]}")
    for (words, reason) in [
      (["--task", "forecast", "forecast", "tag"], "one file"),
      (["--task", "forecast", "forecast", "--inputs", "x"], "--inputs needs --column"),
      (["--task", "forecast", "forecast", "--column", "value", "--dev", "0%"], "--dev"),
      (["--task", "image", "image", "--dev", "0%"], "--dev"),
      (["--task", "tag", "tag", "--dev", "0%"], "--dev"),
      (["--task", "tag", "tag", "--column", "value"], "--column has no effect"),
      (["tag", "--token-column", "2"], "--token-column has no effect"),
      (["--task", "image", "image", "--format", "csv"], "--format has no effect"),
      (
        ["--task", "forecast", "forecast", "--column", "value", "--space", "wide.yaml"],
        "more rows"
      ),
    ] {
      let result = try seqtool.run(["tune", "--folder", "s", "-q"] + words)
      #expect([64, 65].contains(result.code) && result.errors.contains(reason), "\(result.errors)")
    }
  }
}
