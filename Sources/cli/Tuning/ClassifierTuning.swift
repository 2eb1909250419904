import Pipeline
import Seq

/// Tunes `train classify`.
struct ClassifierTuning: TuneTask {
  let parts: TrainingParts

  static let command = ["train", "classify"]
  static let run = "classifier"
  static let defaultSpace = JSONObject(
    [
      ("cell", ["lstm", "gru"]), ("hidden", [64, 128, 192]), ("layers", [1, 2]),
      ("learning-rate", ["log": [0.0005, 0.01]]), ("batch-size", [32, 64, 128]),
      ("dropout", ["uniform": [0.1, 0.6]]), ("feature-dropout", ["uniform": [0.3, 0.8]]),
      ("schedule", ["one-cycle", "cosine"]),
    ] as [(String, JSONValue)])

  /// - Throws: `CLIError.badData` where nothing is left to judge on.
  init(_ parts: TrainingParts) throws {
    guard parts.dev.count > 0 else {
      throw CLIError.badData("no record is left to judge trials on (give a file with --dev)")
    }
    self.parts = parts
  }

  var identity: JSONObject {
    JSONObject([
      ("train", .string(parts.train.digest)), ("dev", .string(parts.dev.digest)),
    ])
  }

  func epochs(_ options: [String]) throws -> Int {
    let recipe = try recipe(options)
    // The sizes that the data give do not matter for what is checked here.
    var architecture = recipe.architecture
    architecture.symbols = max(1, architecture.symbols)
    _ = try ClassifierTrainer(
      architecture: architecture, training: recipe.training, labels: parts.train.labelNames)
    return recipe.training.epochs
  }

  func train(
    _ options: [String], threads: Int, monitor: any TrainingMonitor
  ) throws -> [UInt8] {
    let training = ClassifierTraining(recipe: try recipe(options), threads: threads)
    var best: EpochReport?
    let result = try training.run(train: parts.train, dev: parts.dev, monitor: monitor) {
      if $0 == nil, case .kept(let report) = $1 { best = report }
    }
    return try ModelProvenance(parts: parts, training: training, result: result, best: best)
      .fileBytes()
  }

  private func recipe(_ options: [String]) throws -> ClassifierRecipe {
    try TuneOptions.parse(TrainClassifyCommand.self, ["data", "--output", "model"] + options)
      .recipe(for: parts.train.text)
  }
}
