import Pipeline
import Seq

/// Tunes `train lm`.
struct LanguageModelTuning: TuneTask {
  let train: TextCorpus
  let dev: TextCorpus

  static let command = ["train", "lm"]
  static let run = "lm"
  static let defaultSpace = JSONObject(
    [
      ("cell", ["lstm", "gru"]), ("hidden", [64, 128, 256]), ("layers", [1, 2]),
      ("learning-rate", ["log": [0.001, 0.01]]), ("batch-size", [16, 32, 64]),
      ("bptt", [32, 64, 128]), ("dropout", ["uniform": [0, 0.5]]),
    ] as [(String, JSONValue)])

  /// - Throws: `CLIError.badData` where nothing is left to judge on.
  init(train: TextCorpus, dev: TextCorpus?) throws {
    guard let dev else {
      throw CLIError.badData("no text is left to judge trials on (give a file with --dev)")
    }
    self.train = train
    self.dev = dev
  }

  var identity: JSONObject {
    JSONObject([("train", .string(train.digest)), ("dev", .string(dev.digest))])
  }

  func epochs(_ options: [String]) throws -> Int {
    let recipe = try recipe(options)
    // The sizes that the text gives do not matter for what is checked here.
    var architecture = recipe.architecture
    (architecture.symbols, architecture.end) = (2, 0)
    _ = try LanguageModelTrainer(architecture: architecture, training: recipe.training)
    return recipe.training.epochs
  }

  func train(
    _ options: [String], threads: Int, monitor: any TrainingMonitor
  ) throws -> [UInt8] {
    try LanguageModelJob(recipe: try recipe(options), train: train, dev: dev, threads: threads)
      .run(monitor: monitor).bytes
  }

  private func recipe(_ options: [String]) throws -> LanguageModelRecipe {
    try TuneOptions.parse(TrainLMCommand.self, ["text", "--output", "model"] + options).recipe
  }
}
