import Pipeline
import Seq

/// Tunes `train forecast`.
struct ForecasterTuning: TuneJobTask {
  let parts: SeriesParts

  static let command = ["train", "forecast"]
  static let run = "forecaster"
  static let defaultSpace = JSONObject(
    [
      ("cell", ["lstm", "gru"]), ("hidden", [16, 32, 64]), ("layers", [1, 2]),
      ("learning-rate", ["log": [0.001, 0.01]]), ("batch-size", [16, 32, 64]),
      ("dropout", ["uniform": [0, 0.3]]), ("relative", [true, false]),
    ] as [(String, JSONValue)])

  /// - Throws: `CLIError.badData` where nothing is left to judge on.
  init(_ parts: SeriesParts) throws {
    guard parts.devCount > 0 else {
      throw CLIError.badData("no row is left to judge trials on (give a file with --dev)")
    }
    self.parts = parts
  }

  var identity: JSONObject {
    JSONObject([
      ("series", .string(parts.series.digest)), ("train_rows", .int(parts.trainCount)),
    ])
  }

  func job(_ options: [String]) throws -> ForecasterJob {
    let command = try TuneOptions.parse(
      TrainForecastCommand.self, ["data", "--output", "model"] + options)
    let job = try ForecasterJob(command.recipe(for: parts), parts)
    let (window, horizon) = (job.recipe.architecture.window, job.recipe.architecture.horizon)
    guard parts.trainCount >= window + horizon, parts.devCount >= horizon else {
      throw CLIError.badData(
        "a window of \(window) and a horizon of \(horizon) need more rows than "
          + "\(parts.trainCount) to learn from and \(parts.devCount) to judge on")
    }
    return job
  }
}
