import ArgumentParser
import Pipeline
import Seq

/// `seqtool train classify`: labelled data in, a model file out.
struct TrainClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Train a classifier.",
    discussion: """
      Needs no flag but -o: the network and how it learns are chosen by the data, short records \
      (names) are read by character and longer ones by word. A twentieth of the data, chosen by a \
      hash of each record, is kept for development; the epoch with the best loss on it is saved.

        seqtool train classify data/names -o names.seqmodel
        seqtool train classify train.tsv --dev dev.tsv --cell gru --hidden 192 -o my.seqmodel
        seqtool train classify spam.csv --label-column class --text-column body -o spam.seqmodel
      """)

  @OptionGroup
  var labelled: LabelledDataOptions

  @Option(
    help: "Judge on this file, or on a share of the data such as 5%; 0% is none.",
    completion: .file())
  var dev = DevelopmentPart.percent(5)

  @OptionGroup(title: "Network")
  var network: NetworkOptions

  @OptionGroup(title: "Learning")
  var learning: LearningOptions

  @OptionGroup
  var options: TrainingRunOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    try OutputFile.check(options.output)
    let parts = try TrainingParts(labelled, dev: dev)
    let training = ClassifierTraining(
      recipe: recipe(for: parts.train.text), threads: options.threadCount)
    let progress = try progress(parts, training.recipe)
    var best: EpochReport?
    let result = try training.run(
      train: parts.train, dev: parts.dev, monitor: try options.checkpoints.monitor()
    ) { network, event in
      if network == nil, case .kept(let report) = event { best = report }
      try progress.report(network, event)
    }
    let provenance = ModelProvenance(parts: parts, training: training, result: result, best: best)
    let bytes = try provenance.fileBytes()
    try AtomicFile.write(bytes, to: options.output)
    try progress.end(options.output, byteCount: bytes.count, weightCount: result.parameterCount)
  }

  private func progress(
    _ parts: TrainingParts, _ recipe: ClassifierRecipe
  ) throws -> TrainingProgress {
    let (train, dev, classes) = (parts.train.count, parts.dev.count, parts.train.labelNames.count)
    return try TrainingProgress(
      "\(train) records of \(classes) classes to learn from, \(dev) to judge on; "
        + "\(recipe.architecture.cell) \(recipe.architecture.hidden) by \(recipe.unit.rawValue)",
      JSONObject([("train", .int(train)), ("dev", .int(dev)), ("classes", .int(classes))]),
      epochs: recipe.training.epochs, options.reporting)
  }

  /// The recipe for the data with what the options say.
  func recipe(for text: TextChunk) -> ClassifierRecipe {
    var recipe = ClassifierRecipe(
      for: text, unit: network.unit, teacher: learning.teacher.map(\.teacher))
    network.apply(to: &recipe)
    learning.apply(to: &recipe.training)
    options.apply(to: &recipe.training)
    return recipe
  }
}
