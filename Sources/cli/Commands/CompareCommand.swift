import ArgumentParser
import Pipeline
import Seq

/// `seqtool compare`: which of two models is better, and how sure that is.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models on the same data: differences with their confidence intervals.",
    discussion: """
      Of classifiers: accuracy, loss (nats) and macro-F1, and McNemar's exact test on the records \
      that one alone has right. Of language models: loss, perplexity and bits per byte of the \
      records of text files, each judged by itself as in `score`. A row has the figures of A and B, \
      B - A with its 95 % interval by the paired bootstrap, the two-sided p, and the share of the \
      resamples in which B is better.

        seqtool compare old.seqmodel new.seqmodel dev.tsv
        seqtool compare a.seqmodel b.seqmodel dev.tsv --json | jq .figures.accuracy.p
      """)

  @Argument(
    help: ArgumentHelp("The first model.", valueName: "A"),
    completion: .file(extensions: ["seqmodel"]))
  var first: String

  @Argument(
    help: ArgumentHelp("The second model.", valueName: "B"),
    completion: .file(extensions: ["seqmodel"]))
  var second: String

  @OptionGroup
  var labelled: LabelledDataOptions

  @Option(help: ArgumentHelp("How often the records are drawn anew.", valueName: "n"))
  var resamples = 10_000

  @Option(help: ArgumentHelp("The same seed gives the same figures.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "One JSON object.")
  var json = false

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
    let bootstrap = try PairedBootstrap(
      resamples: resamples, seed: seed, threads: Threads.count(threads))
    let models = try [first, second].map { try ModelOption.load($0) }
    let languageModels = models.map { LanguageModelOption.loaded($0.chain) }
    let text =
      switch (languageModels[0], languageModels[1]) {
      case (let a?, let b?): try comparison(a, b, bootstrap)
      case (nil, nil): try classifiers(models, bootstrap)
      default:
        throw CLIError.badData(
          "\(first) and \(second): one is a language model and the other is not")
      }
    try StandardOutput.write(json ? text.json.text() + "\n" : text.table)
  }

  private func classifiers(
    _ models: [LoadedModel], _ bootstrap: PairedBootstrap
  ) throws -> ComparisonText {
    let models = try zip(models, [first, second]).map {
      try ModelOption.classifier(in: $0, path: $1, quiet: quiet)
    }
    let data = try labelled.read()
    let answers = try models.map {
      try Evaluation.answers(of: $0.chain, on: data, threads: Threads.count(threads))
    }
    let pair = ClassifierPair(
      answers[0].predictions, answers[1].predictions,
      targets: (answers[0].targets, answers[1].targets))
    return ComparisonText(
      count: pair.count, bootstrap: bootstrap, differences: try bootstrap.differences(of: pair),
      mcNemar: pair.mcNemar)
  }

  private func comparison(
    _ a: LanguageModelOption.Loaded, _ b: LanguageModelOption.Loaded, _ bootstrap: PairedBootstrap
  ) throws -> ComparisonText {
    let text = try TextCorpus(labelled.data, labelled.recordOptions).text
    let scores = try [a, b].map {
      try Evaluation.scores(of: $0.chain, on: text, threads: Threads.count(threads))
    }
    let pair = LanguageModelPair(
      scores[0], scores[1], byteCounts: (0..<text.count).map { text.range($0).count + 1 })
    if !pair.hasEqualSymbols, !quiet {
      StandardError.note(
        "the models cut the text into different symbols: only bits_per_byte compares them")
    }
    return ComparisonText(
      count: pair.count, bootstrap: bootstrap, differences: try bootstrap.differences(of: pair))
  }
}
