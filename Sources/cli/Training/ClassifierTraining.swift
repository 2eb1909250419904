import Pipeline
import Seq

/// From labelled texts to a whole chain: stages learnt from the texts, then the classifier.
struct ClassifierTraining {
  var recipe: ClassifierRecipe
  let threads: Int

  /// What came out.
  struct Result {
    let chain: Chain
    /// The recipe with the sizes that the data gave.
    let recipe: ClassifierRecipe
    let parameterCount: Int
  }

  /// Trains on `train`; `dev` chooses the epoch and the temperature.
  ///
  /// - Parameters:
  ///   - monitor: where to save, and whether to stop.
  ///   - onEvent: gets the events, with the name of the network where there are several.
  func run(
    train: LabelledDataset, dev: LabelledDataset, monitor: (any TrainingMonitor)? = nil,
    onEvent: (String?, TrainingEvent) throws -> Void
  ) throws -> Result {
    guard Set(train.labels).count >= 2 else {
      throw SeqError.unusableData("training needs records of at least two labels")
    }
    var recipe = recipe
    let stages = try recipe.fitStages(on: train.text)
    let examples = try stages.examples(train)
    let devExamples = dev.count == 0 ? nil : try stages.examples(dev)
    let identity = try identity(train, dev)
    let soft = try recipe.distillation?.softExamples(
      examples, dev: devExamples, labels: train.labelNames, stages: stages, recipe: recipe,
      threads: threads, identity: identity, monitor: monitor, onEvent: onEvent)
    let trainer = try ClassifierTrainer(
      architecture: recipe.architecture, training: recipe.training, labels: train.labelNames)
    let classifier = try trainer.fit(
      train: examples, dev: devExamples, soft: soft, threads: threads, identity: identity,
      monitor: monitor
    ) { try onEvent(nil, $0) }
    return Result(
      chain: try Chain(stages.stages + [AnyStage(classifier)]), recipe: recipe,
      parameterCount: trainer.parameterCount)
  }
}

extension ClassifierTraining {
  /// What must agree for a checkpoint to go on: data and options.
  private func identity(_ train: LabelledDataset, _ dev: LabelledDataset) throws -> JSONObject {
    var identity = JSONObject([
      ("train", .string(train.digest)), ("unit", .string(recipe.unit.rawValue)),
      ("ngrams", .string(recipe.ngrams.map { "\($0)" } ?? "none")),
    ])
    identity["dev"] = dev.count > 0 ? .string(dev.digest) : .null
    identity["distillation"] = try recipe.distillation.map { try JSONValue(encoding: $0) } ?? .null
    return identity
  }
}

extension Chain {
  /// Labelled texts as the trainer wants them.
  func examples(_ dataset: LabelledDataset) throws -> ClassifierExamples {
    ClassifierExamples(ids: try run(dataset.text, as: IDChunk.self), labels: dataset.labels)
  }
}
