import Pipeline
import Seq

/// Tunes `train tag`.
struct TaggerTuning: TuneJobTask {
  let parts: TaggedParts
  private let dev: TaggedDataset

  static let command = ["train", "tag"]
  static let run = "tagger"
  static let defaultSpace = JSONObject(
    [
      ("cell", ["lstm", "gru"]), ("hidden", [64, 128, 192]), ("layers", [1, 2]),
      ("learning-rate", ["log": [0.001, 0.01]]), ("batch-size", [8, 16, 32]),
      ("dropout", ["uniform": [0.2, 0.6]]), ("word-dropout", ["uniform": [0, 0.3]]),
      ("character-hidden", [16, 32, 64]),
    ] as [(String, JSONValue)])

  /// - Throws: `CLIError.badData` where nothing is left to judge on.
  init(_ parts: TaggedParts) throws {
    guard let dev = parts.dev else {
      throw CLIError.badData("no sentence is left to judge trials on (give a file with --dev)")
    }
    self.parts = parts
    self.dev = dev
  }

  var identity: JSONObject {
    JSONObject([("train", .string(parts.train.digest)), ("dev", .string(dev.digest))])
  }

  func job(_ options: [String]) throws -> TaggerJob {
    let command = try TuneOptions.parse(
      TrainTagCommand.self, ["data", "--output", "model"] + options)
    return try TaggerJob(command.recipe(for: parts), parts)
  }
}
