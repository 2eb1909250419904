import ArgumentParser
import Pipeline
import Seq
import Tokenize

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
    name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"),
    completion: .file(extensions: ["seqmodel"]))
  var output: String

  @Option(
    help: "Judge on this file, or on the last share of the text such as 5%; 0% is none.",
    completion: .file())
  var dev = DevelopmentPart.percent(5)

  @OptionGroup(title: "Network")
  var network: LanguageNetworkOptions

  @OptionGroup(title: "Learning")
  var learning: LanguageLearningOptions

  @OptionGroup(title: "Checkpoints")
  var checkpoints: CheckpointOptions

  @OptionGroup(title: "Reporting")
  var reporting: ReportingOptions

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Threads; 0 is one per core. Never changes the model.", valueName: "n"))
  var threads = 0

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard threads >= 0 else {
      throw ValidationError("--threads \(threads) has no meaning (use 0 for all cores, or more)")
    }
  }

  func run() throws {
    try OutputFile.check(output)
    let (train, dev) = try parts()
    var recipe = LanguageModelRecipe(unit: network.unit)
    network.apply(to: &recipe)
    learning.apply(to: &recipe.training)
    recipe.training.onDiverge = checkpoints.onDiverge
    let stages = try recipe.fitStages(on: train.text)
    let trainer = try LanguageModelTrainer(
      architecture: recipe.architecture, training: recipe.training)
    let ids = try train.ids(stages, end: recipe.architecture.end)
    let devIDs = try dev?.ids(stages, end: recipe.architecture.end) ?? []
    let provenance = LanguageModelProvenance(recipe: recipe, train: train, dev: dev)
    let progress = try progress(recipe, train: ids.count, dev: devIDs.count)
    var best: EpochReport?
    let model = try trainer.fit(
      train: ids, dev: devIDs, threads: Threads.count(threads), identity: provenance.identity,
      monitor: try checkpoints.monitor()
    ) { event in
      if case .kept(let report) = event { best = report }
      try progress.report(nil, event)
    }
    let chain = try Chain(stages.stages + [AnyStage(model)])
    let bytes = try ModelFile.bytes(of: chain, information: provenance.information(best))
    try AtomicFile.write(bytes, to: output)
    try progress.end(output, byteCount: bytes.count, weightCount: trainer.parameterCount)
  }

  private func parts() throws -> (train: TextCorpus, dev: TextCorpus?) {
    let corpus = try text.read()
    switch dev {
    case .file(let path): return (corpus, try text.read([path]))
    case .percent(let percent):
      return percent > 0 ? corpus.split(devFraction: percent / 100) : (corpus, nil)
    }
  }

  private func progress(
    _ recipe: LanguageModelRecipe, train: Int, dev: Int
  ) throws -> TrainingProgress {
    let a = recipe.architecture
    return try TrainingProgress(
      "\(train) symbols to learn from, \(dev) to judge on, \(a.symbols) different ones; "
        + "\(a.layers) x \(a.cell) \(a.hidden) by \(recipe.unit.rawValue)",
      JSONObject([
        ("train", .int(train)), ("dev", .int(dev)), ("symbols", .int(a.symbols)),
      ]), epochs: recipe.training.epochs, reporting)
  }
}
