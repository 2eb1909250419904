import Pipeline
import Seq

/// From a series to a forecaster and its file.
struct ForecasterJob: TrainingJob {
  let recipe: ForecasterRecipe
  let parts: SeriesParts
  private let trainer: ForecasterTrainer

  /// - Throws: where an option has no meaning.
  init(_ recipe: ForecasterRecipe, _ parts: SeriesParts) throws {
    trainer = try ForecasterTrainer(architecture: recipe.architecture, training: recipe.training)
    self.recipe = recipe
    self.parts = parts
  }

  var training: TrainingOptions { recipe.training }
  var parameterCount: Int { trainer.parameterCount }

  /// - Parameter monitor: where to save, and whether to stop.
  /// - Returns: the forecaster and the bytes of its file.
  func run(
    threads: Int, monitor: (any TrainingMonitor)?,
    onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> (forecaster: RecurrentForecaster, bytes: [UInt8]) {
    let dev = parts.series[parts.trainCount..<parts.series.count]
    let provenance = TaskProvenance(
      command: "train forecast", train: parts.series[0..<parts.trainCount].summary,
      dev: dev.count > 0 ? dev.summary : nil, settings: JSONObject(), training: recipe.training)
    var best: EpochReport?
    let forecaster = try trainer.fit(
      parts.series, trainCount: parts.trainCount, threads: threads,
      identity: provenance.identity, monitor: monitor
    ) { event in
      if case .kept(let report) = event { best = report }
      try onEvent(event)
    }
    let information = try provenance.information(best)
    return (
      forecaster, try ModelFile.bytes(of: try Chain(forecaster), information: information)
    )
  }

  func modelBytes(threads: Int, monitor: any TrainingMonitor) throws -> [UInt8] {
    try run(threads: threads, monitor: monitor).bytes
  }
}
