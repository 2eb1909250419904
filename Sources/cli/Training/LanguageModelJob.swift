import Pipeline
import Seq
import Tokenize

/// From texts to a language model file: stages learnt from the text, then the network.
struct LanguageModelJob {
  let recipe: LanguageModelRecipe
  let train: TextCorpus
  let dev: TextCorpus?
  let threads: Int

  /// What is known before the first step.
  struct Beginning {
    /// The recipe with the sizes that the text gave.
    let recipe: LanguageModelRecipe
    /// Symbols to learn from and to judge on.
    let trainCount: Int
    let devCount: Int
  }

  /// What came out.
  struct Result {
    let bytes: [UInt8]
    let parameterCount: Int
  }

  /// Trains on `train`; `dev` chooses the epoch.
  ///
  /// - Parameters:
  ///   - monitor: where to save, and whether to stop.
  ///   - begin: called once, before the first event.
  func run(
    monitor: (any TrainingMonitor)?, begin: (Beginning) throws -> Void = { _ in },
    onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> Result {
    var recipe = recipe
    let stages = try recipe.fitStages(on: train.text)
    let trainer = try LanguageModelTrainer(
      architecture: recipe.architecture, training: recipe.training)
    let ids = try train.ids(stages, end: recipe.architecture.end)
    let devIDs = try dev?.ids(stages, end: recipe.architecture.end) ?? []
    let provenance = LanguageModelProvenance(recipe: recipe, train: train, dev: dev)
    try begin(Beginning(recipe: recipe, trainCount: ids.count, devCount: devIDs.count))
    var best: EpochReport?
    let model = try trainer.fit(
      train: ids, dev: devIDs, threads: threads, identity: provenance.identity, monitor: monitor
    ) { event in
      if case .kept(let report) = event { best = report }
      try onEvent(event)
    }
    let chain = try Chain(stages.stages + [AnyStage(model)])
    return Result(
      bytes: try ModelFile.bytes(of: chain, information: provenance.information(best)),
      parameterCount: trainer.parameterCount)
  }
}
