import ArgumentParser
import Pipeline
import Seq

/// `seqtool evaluate`: how good a model is on labelled data.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judge a model on labelled data, or a language model on text.",
    discussion: """
      Gives count, loss (mean cross-entropy in nats), accuracy, perplexity, macro_f1, ece \
      (expected calibration error) and the figures of each class. Of a language model: count of \
      symbols, loss and perplexity per symbol, bits_per_byte; DATA are then text files, read as one \
      text.

        seqtool evaluate --model my.seqmodel dev.tsv
        seqtool evaluate -m my.seqmodel dev.tsv --json | jq .accuracy
        seqtool evaluate -m play.seqmodel valid.txt --dynamic-rate 0.1
        seqtool evaluate -m my.seqmodel dev.tsv --fail-under accuracy=0.8 || echo 'not good enough'
      """)

  @OptionGroup
  var model: ModelOption

  @OptionGroup
  var labelled: LabelledDataOptions

  @Flag(help: "One JSON object.")
  var json = false

  @Flag(help: "Show the confusion matrix: a row for each true class, tab-separated.")
  var confusion = false

  @Option(
    help: ArgumentHelp(
      "Exit with 1 where a figure (accuracy, macro_f1) is under the limit; may be repeated.",
      valueName: "figure=limit"))
  var failUnder: [FigureLimit] = []

  @OptionGroup(title: "Language models")
  var dynamic: DynamicEvaluationOptions

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Threads; 0 is one per core. Never changes a figure.", valueName: "n"))
  var threads = 0

  @Flag(name: [.customShort("q"), .long], help: "No hints or warnings on stderr.")
  var quiet = false

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard threads >= 0 else {
      throw ValidationError("--threads \(threads) has no meaning (use 0 for all cores, or more)")
    }
  }

  func run() throws {
    if let path = model.model, let loaded = try LanguageModelOption.loadIfAny(path) {
      return try judge(loaded)
    }
    guard dynamic.dynamicRate == nil else {
      throw CLIError.usage("--dynamic-rate is for language models, which this is not")
    }
    let loaded = try model.loadClassifier(quiet: quiet)
    let data = try labelled.read()
    let report = try Evaluation.report(
      of: loaded.chain, on: data, threads: Threads.count(threads))
    let text = ReportText(report)
    if json {
      try StandardOutput.write(text.json(withConfusion: confusion).text() + "\n")
    } else {
      try StandardOutput.write(text.table(withConfusion: confusion))
    }
    for limit in failUnder {
      let value = limit.figure.value(in: report)
      guard value >= limit.limit else {
        throw CLIError.belowLimit(
          "\(limit.figure.rawValue) is \(ReportText.figure(value)), under \(limit.limit)")
      }
    }
  }

  private func judge(_ loaded: LanguageModelOption.Loaded) throws {
    guard !confusion, failUnder.isEmpty else {
      throw CLIError.usage("a language model has neither --confusion nor an accuracy to fail under")
    }
    let corpus = try TextCorpus(labelled.data, labelled.recordOptions)
    let ids = try corpus.ids(loaded.stages, end: loaded.model.options.end)
    let threads = Threads.count(threads)
    let sum =
      try dynamic.evaluation?.logProbability(ofText: ids, by: loaded.model, threads: threads)
      ?? loaded.model.logProbability(ofText: ids, threads: threads)
    let text = TextReport(
      symbolCount: ids.count, byteCount: corpus.byteCount, logProbability: sum)
    try StandardOutput.write(json ? text.json.text() + "\n" : text.table)
  }
}
