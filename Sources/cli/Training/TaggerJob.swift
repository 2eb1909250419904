import Pipeline
import Seq

/// From tagged sentences to a tagger's file: stages learnt from the sentences, then the network.
struct TaggerJob: TrainingJob {
  /// With the sizes that the sentences gave.
  let recipe: TaggerRecipe
  let parts: TaggedParts
  private let stages: Chain
  private let trainer: TaggerTrainer

  /// - Throws: where an option has no meaning.
  init(_ recipe: TaggerRecipe, _ parts: TaggedParts) throws {
    var recipe = recipe
    stages = try recipe.fitStages(on: parts.train)
    trainer = try TaggerTrainer(
      architecture: recipe.architecture, training: recipe.training, labels: parts.train.tagNames)
    self.recipe = recipe
    self.parts = parts
  }

  var training: TrainingOptions { recipe.training }
  var parameterCount: Int { trainer.parameterCount }

  /// - Parameter monitor: where to save, and whether to stop.
  /// - Returns: the bytes of the model file.
  func run(
    threads: Int, monitor: (any TrainingMonitor)?,
    onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    let provenance = TaskProvenance(
      command: "train tag", train: parts.train.summary, dev: parts.dev?.summary,
      settings: JSONObject([("min_count", .int(recipe.minCount))]), training: recipe.training)
    var best: EpochReport?
    let tagger = try trainer.fit(
      train: stages.examples(parts.train), dev: parts.dev.map { try stages.examples($0) },
      threads: threads, identity: provenance.identity, monitor: monitor
    ) { event in
      if case .kept(let report) = event { best = report }
      try onEvent(event)
    }
    let chain = try Chain(stages.stages + [AnyStage(tagger)])
    return try ModelFile.bytes(of: chain, information: provenance.information(best))
  }

  func modelBytes(threads: Int, monitor: any TrainingMonitor) throws -> [UInt8] {
    try run(threads: threads, monitor: monitor)
  }
}
