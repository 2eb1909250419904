import Pipeline
import Seq

/// Tunes `train image`.
struct ImageTuning: TuneJobTask {
  let parts: ImageParts
  private let dev: LabelledImages

  static let command = ["train", "image"]
  static let run = "image"
  static let defaultSpace = JSONObject(
    [
      ("first-maps", [6, 12, 20]), ("second-maps", [16, 32, 50]), ("first-hidden", [120, 240]),
      ("learning-rate", ["log": [0.001, 0.01]]), ("batch-size", [32, 64, 128]),
      ("dropout", ["uniform": [0, 0.5]]), ("rotation", [0, 10]), ("shift", [0, 2]),
    ] as [(String, JSONValue)])

  /// - Throws: `CLIError.badData` where nothing is left to judge on.
  init(_ parts: ImageParts) throws {
    guard let dev = parts.dev else {
      throw CLIError.badData("no image is left to judge trials on (give files with --dev)")
    }
    self.parts = parts
    self.dev = dev
  }

  var identity: JSONObject {
    JSONObject([("train", .string(parts.train.digest)), ("dev", .string(dev.digest))])
  }

  func job(_ options: [String]) throws -> ImageJob {
    let command = try TuneOptions.parse(
      TrainImageCommand.self, ["data", "--output", "model"] + options)
    return try ImageJob(command.recipe(for: parts), parts)
  }
}
