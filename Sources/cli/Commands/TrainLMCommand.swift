import ArgumentParser
import Pipeline
import Seq

/// `seqtool train lm`: text in, a language model out.
struct TrainLMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lm",
    abstract: "Train a language model.",
    discussion: """
      Reads the text in order, in --batch-size pieces side by side, and learns to predict each \
      symbol from those before it; a line's end is a symbol too. The last twentieth of the text is \
      kept to judge on; the epoch with the best loss on it is saved.

        seqtool train lm input.txt -o play.seqmodel
        seqtool train lm --unit word train.txt --dev valid.txt -o words.seqmodel
        seqtool train lm input.txt -o play.seqmodel --checkpoint run1   # the same again goes on
      """)

  @OptionGroup
  var text: TextDataOptions

  @Option(
    help: "Judge on this file, or on the last share of the text such as 5%; 0% is none.",
    completion: .file())
  var dev = DevelopmentPart.percent(5)

  @OptionGroup(title: "Network")
  var network: LanguageNetworkOptions

  @OptionGroup(title: "Learning")
  var learning: LanguageLearningOptions

  @OptionGroup
  var options: TrainingRunOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    try OutputFile.check(options.output)
    let (train, dev) = try TextCorpus.parts(text.data, dev: dev, text.recordOptions)
    let job = LanguageModelJob(
      recipe: recipe, train: train, dev: dev, threads: options.threadCount)
    var progress: TrainingProgress?
    let result = try job.run(
      monitor: try options.checkpoints.monitor(), begin: { progress = try self.progress($0) },
      onEvent: { try progress?.report(nil, $0) })
    try AtomicFile.write(result.bytes, to: options.output)
    try progress?.end(
      options.output, byteCount: result.bytes.count, weightCount: result.parameterCount)
  }

  /// The recipe with what the options say.
  var recipe: LanguageModelRecipe {
    var recipe = LanguageModelRecipe(unit: network.unit)
    network.apply(to: &recipe)
    learning.apply(to: &recipe.training)
    options.apply(to: &recipe.training)
    return recipe
  }

  private func progress(_ beginning: LanguageModelJob.Beginning) throws -> TrainingProgress {
    let (recipe, train, dev) = (beginning.recipe, beginning.trainCount, beginning.devCount)
    let a = recipe.architecture
    return try TrainingProgress(
      "\(train) symbols to learn from, \(dev) to judge on, \(a.symbols) different ones; "
        + "\(a.layers) x \(a.cell) \(a.hidden) by \(recipe.unit.rawValue)",
      JSONObject([
        ("train", .int(train)), ("dev", .int(dev)), ("symbols", .int(a.symbols)),
      ]), epochs: recipe.training.epochs, options.reporting)
  }
}
