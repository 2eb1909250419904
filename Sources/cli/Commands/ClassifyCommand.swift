import ArgumentParser
import Pipeline
import Seq

/// `seqtool classify`: text in, labels out.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    // Where it is parsed alone (`ConfiguredCommandLine`) the parser then looks for no request of
    // completions, which takes longer than reading one name.
    _superCommandName: "seqtool",
    abstract: "Label each record.",
    discussion: """
      Gives `label TAB probability TAB record`, the record last and byte for byte as it came. \
      Probabilities have six digits, rounded toward zero. Without --model, the built-in model says \
      which of 18 languages a surname comes from.

      A record below --min-prob gets the --else label as its first label; its probability, the \
      other labels of -k and `labels` in JSON stay as they are, so that every line has the same \
      columns. --explain shows what the model would say if the record ended after each token: as \
      `explain` in JSON, else as a last column of `token=label:probability`, joined by spaces. \
      It takes as long as many records.

      With a model of images (`train image`) FILEs are images in IDX, PGM or PNG; a line ends with the \
      file's name, and `#index` where the file is a list.

        cat names.txt | seqtool classify
        seqtool classify --label-only names.txt | sort | uniq -c | sort -rn
        seqtool classify -k 3 --jsonl names.txt | jq -r '.labels[].label'
        seqtool classify --min-prob 0.8 --else '?' names.txt
        seqtool classify --explain --jsonl names.txt | jq -c .explain
        seqtool classify -m digits.seqmodel --label-only scans/*.png
      """)

  @OptionGroup
  var model: ModelOption

  @OptionGroup
  var reading: PrecisionOption

  @Option(
    name: .customShort("k", allowingJoined: true),
    help: ArgumentHelp("The N best labels, on the same line.", valueName: "n"))
  var k = 1

  @Flag(help: "The label alone (with -k, the labels, tab-separated).")
  var labelOnly = false

  @Flag(help: "One JSON object per record: text, label, probability, labels.")
  var jsonl = false

  @Option(help: ArgumentHelp("Below this probability, give the --else label.", valueName: "p"))
  var minProb: Double?

  @Option(
    name: .customLong("else"),
    help: ArgumentHelp("What --min-prob gives for a doubtful record.", valueName: "label"))
  var elseLabel: String?

  @Flag(help: "Show the best label and its probability after each token of the record.")
  var explain = false

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard k >= 1 else { throw ValidationError("-k \(k) has no meaning: ask for 1 label or more") }
    guard !(labelOnly && jsonl) else {
      throw ValidationError("--label-only and --jsonl exclude each other")
    }
    guard !(labelOnly && explain) else {
      throw ValidationError("--label-only and --explain exclude each other")
    }
    if let minProb {
      guard (0...1).contains(minProb) else {
        throw ValidationError("--min-prob \(minProb) is no probability: it is from 0 to 1")
      }
    }
    guard (minProb == nil) == (elseLabel == nil) else {
      throw ValidationError("--min-prob P and --else LABEL go together")
    }
  }

  func run() throws {
    let loaded = try ModelOption.load(model.model)
    if let images = loaded.chain.imageClassifier {
      return try classify(images, try loaded.chain.reduced(to: reading.precision))
    }
    let classifier = try model.classifier(in: loaded, quiet: stream.quiet)
    try classify(try classifier.chain.reduced(to: reading.precision))
  }

  private func classify(_ chain: Chain) throws {
    let formatter = formatter
    try RecordFilter(stream).run {
      let runner = try Worker(chain, gives: PredictionChunk.self)
      var formatter = formatter
      if explain { formatter.explainer = try PredictionExplainer(chain) }
      return { [formatter] in try formatter.format(try runner.run($0), of: $0) }
    }
  }

  private func classify(_ model: LeNet, _ chain: Chain) throws {
    guard !explain else {
      throw CLIError.usage("--explain goes token by token, but the model takes images")
    }
    try ImageClassification(chain: chain, model: model, formatter: formatter).run(stream)
  }

  private var formatter: PredictionFormatter {
    PredictionFormatter(
      delimiter: stream.delimiter, style: jsonl ? .json : labelOnly ? .labels : .table, count: k,
      rejection: minProb.flatMap { minimum in
        elseLabel.map { PredictionFormatter.Rejection(minimum: minimum, label: $0) }
      })
  }
}
