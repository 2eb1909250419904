import ArgumentParser
import Pipeline
import Seq

/// `seqtool train forecast`: a series in, a forecaster out.
struct TrainForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Train a forecaster: the next values of a series.",
    discussion: """
      Reads a column of a CSV file in order of time, and learns to foretell its next --horizon values \
      from the --window rows before them. The last tenth of the rows is kept to judge on, never \
      learnt from: at the end its errors are shown beside those of two baselines, the last value for \
      ever and, with --season, the value of one season ago.

        seqtool train forecast sales.csv --column units -o sales.seqmodel
        seqtool train forecast power.csv --column load --inputs temperature,wind --horizon 24 \
      --season 24 -o power.seqmodel
      """)

  @OptionGroup
  var data: SeriesDataOptions

  @Option(
    help:
      "Judge on this file, which follows the data, or on the last share of the rows; 0% is none.",
    completion: .file())
  var dev = DevelopmentPart.percent(10)

  @OptionGroup(title: "Network")
  var network: ForecasterNetworkOptions

  @OptionGroup(title: "Learning")
  var learning: CommonLearningOptions

  @OptionGroup(title: "Recurrent layers")
  var recurrent: RecurrentLearningOptions

  @OptionGroup
  var options: TrainingRunOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    try OutputFile.check(options.output)
    let parts = try SeriesParts(data.data, data.columns, dev: dev)
    let job = try ForecasterJob(recipe(for: parts), parts)
    let progress = try progress(parts, job.recipe)
    let (forecaster, bytes) = try job.run(
      threads: options.threadCount, monitor: try options.checkpoints.monitor()
    ) { try progress.report(nil, $0) }
    try AtomicFile.write(bytes, to: options.output)
    if parts.devCount >= job.recipe.architecture.horizon {
      let report = try forecaster.evaluate(
        parts.series, rows: parts.trainCount..<parts.series.count,
        threads: options.threadCount)
      let text = ForecastText(report, name: forecaster.columns[0])
      try progress.judged(text.table, text.json)
    }
    try progress.end(options.output, byteCount: bytes.count, weightCount: job.parameterCount)
  }

  /// The recipe with what the options say.
  func recipe(for parts: SeriesParts) -> ForecasterRecipe {
    var recipe = ForecasterRecipe(
      columns: parts.series.width, rowCount: parts.trainCount, horizon: network.horizon,
      season: network.season)
    network.apply(to: &recipe.architecture)
    learning.apply(to: &recipe.training)
    recurrent.apply(to: &recipe.training)
    options.apply(to: &recipe.training)
    return recipe
  }

  private func progress(
    _ parts: SeriesParts, _ recipe: ForecasterRecipe
  ) throws -> TrainingProgress {
    let (a, train, dev) = (recipe.architecture, parts.trainCount, parts.devCount)
    return try TrainingProgress(
      "\(train) rows to learn from, the \(dev) that follow to judge on; \(a.inputs) columns, "
        + "\(a.window) rows read, \(a.horizon) foretold; \(a.layers) x \(a.cell) \(a.hidden)",
      JSONObject([
        ("train", .int(train)), ("dev", .int(dev)), ("window", .int(a.window)),
        ("horizon", .int(a.horizon)),
      ]), epochs: recipe.training.epochs, loss: .squaredError, options.reporting)
  }
}
