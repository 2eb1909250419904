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
    let parts = try TaggedParts(tagged, dev: dev)
    var recipe = TaggerRecipe(sentenceCount: parts.train.count)
    network.apply(to: &recipe)
    learning.apply(to: &recipe.training)
    options.apply(to: &recipe.training)
    let stages = try recipe.fitStages(on: parts.train)
    let trainer = try TaggerTrainer(
      architecture: recipe.architecture, training: recipe.training, labels: parts.train.tagNames)
    let provenance = TaskProvenance(
      command: "train tag", train: parts.train.summary, dev: parts.dev?.summary,
      settings: JSONObject([("min_count", .int(recipe.minCount))]), training: recipe.training)
    let progress = try progress(parts, recipe)
    var best: EpochReport?
    let tagger = try trainer.fit(
      train: stages.examples(parts.train), dev: parts.dev.map { try stages.examples($0) },
      threads: options.threadCount, identity: provenance.identity,
      monitor: try options.checkpoints.monitor()
    ) { event in
      if case .kept(let report) = event { best = report }
      try progress.report(nil, event)
    }
    let chain = try Chain(stages.stages + [AnyStage(tagger)])
    let bytes = try ModelFile.bytes(of: chain, information: provenance.information(best))
    try AtomicFile.write(bytes, to: options.output)
    try progress.end(options.output, byteCount: bytes.count, weightCount: trainer.parameterCount)
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
