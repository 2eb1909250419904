import ArgumentParser
import Pipeline
import Seq

/// `seqtool train tag`: tagged sentences in, a tagger out.
struct TrainTagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Train a tagger: a label for each token.",
    discussion: """
      Reads one token a line with its tag in the last column, an empty line between sentences, as the \
      CoNLL shared tasks do. Words are known by themselves and by their spelling; tags are chosen \
      sentence by sentence. Where the tags follow a scheme (B- and I-, or also E- and S-), only \
      sequences that it allows are ever given, and the epoch with the best F1 of whole spans is \
      saved. A twentieth of the sentences, chosen by a hash of each, is kept for development.

        seqtool train tag train.conll -o names.seqmodel
        seqtool train tag train.conll --dev dev.conll --decoder softmax -o names.seqmodel
        seqtool train tag corpus.txt --token-column 2 --tag-column 4 -o pos.seqmodel
      """)

  @OptionGroup
  var tagged: TaggedDataOptions

  @Option(
    help: "Judge on this file, or on a share of the sentences such as 5%; 0% is none.",
    completion: .file())
  var dev = DevelopmentPart.percent(5)

  @OptionGroup(title: "Network")
  var network: TaggerNetworkOptions

  @OptionGroup(title: "Learning")
  var learning: TaggerLearningOptions

  @OptionGroup
  var options: TrainingRunOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    try OutputFile.check(options.output)
    let parts = try TaggedParts(
      tagged.data, tagged.columns, tagged.recordOptions, dev: dev)
    let job = try TaggerJob(recipe(for: parts), parts)
    let progress = try progress(parts, job.recipe)
    let bytes = try job.run(
      threads: options.threadCount, monitor: try options.checkpoints.monitor()
    ) { try progress.report(nil, $0) }
    try AtomicFile.write(bytes, to: options.output)
    try progress.end(options.output, byteCount: bytes.count, weightCount: job.parameterCount)
  }

  /// The recipe with what the options say.
  func recipe(for parts: TaggedParts) -> TaggerRecipe {
    var recipe = TaggerRecipe(sentenceCount: parts.train.count)
    network.apply(to: &recipe)
    learning.apply(to: &recipe.training)
    options.apply(to: &recipe.training)
    return recipe
  }

  private func progress(_ parts: TaggedParts, _ recipe: TaggerRecipe) throws -> TrainingProgress {
    let (train, dev, tags) = (parts.train, parts.dev?.count ?? 0, parts.train.tagNames.count)
    let a = recipe.architecture
    return try TrainingProgress(
      "\(train.count) sentences of \(train.tokenCount) tokens to learn from, \(dev) to judge on, "
        + "\(tags) tags (scheme: \(a.scheme.rawValue)); \(a.layers) x \(a.cell) \(a.hidden), "
        + a.decoder.rawValue,
      JSONObject([
        ("train", .int(train.count)), ("dev", .int(dev)), ("tokens", .int(train.tokenCount)),
        ("tags", .int(tags)), ("scheme", .string(a.scheme.rawValue)),
      ]), epochs: recipe.training.epochs, options.reporting)
  }
}
