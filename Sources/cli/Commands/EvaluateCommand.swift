import ArgumentParser
import Pipeline
import Seq

/// `seqtool evaluate`: how good a model is on labelled data.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judge a model on data whose answers are known.",
    discussion: """
      Gives count, loss (mean cross-entropy in nats), accuracy, perplexity, macro_f1, ece \
      (expected calibration error) and the figures of each class. Of a language model: count of \
      symbols, loss and perplexity per symbol, bits_per_byte; DATA are then text files, read as one \
      text. Of a tagger: count of tokens, sentences, loss per token, accuracy, and precision, recall \
      and f1 of whole spans as `conlleval` counts them; DATA are then tagged sentences. Of a forecaster: mse, \
      mae and mase, in all and step by step, beside the baselines, and skill (1 - mse / mse of the last \
      value); DATA are then one CSV file. Of a model of images the figures are those of a classifier; \
      DATA is then a folder with t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or a file of \
      images with its labels beside it. With --precision, NAME_change says what each figure differs by \
      from that of the same model in float32.

        seqtool evaluate --model my.seqmodel dev.tsv
        seqtool evaluate -m my.seqmodel dev.tsv --json | jq .accuracy
        seqtool evaluate -m play.seqmodel valid.txt --dynamic-rate 0.1
        seqtool evaluate -m my.seqmodel dev.tsv --precision int8
        seqtool evaluate -m my.seqmodel dev.tsv --fail-under accuracy=0.8 || echo 'not good enough'
      """)

  @OptionGroup
  var model: ModelOption

  @OptionGroup
  var reading: PrecisionOption

  @OptionGroup
  var labelled: LabelledDataOptions

  @OptionGroup
  var columns: ColumnOptions

  @Flag(help: "One JSON object.")
  var json = false

  @Flag(help: "Show the confusion matrix: a row for each true class, tab-separated.")
  var confusion = false

  @Option(
    help: ArgumentHelp(
      "Exit with 1 where a figure (accuracy, macro_f1, f1, skill) is under the limit; may be repeated.",
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
    let loaded = try ModelOption.load(model.model)
    let chain = try loaded.chain.reduced(to: reading.precision)
    if let languageModel = LanguageModelOption.loaded(chain) {
      return try judge(
        languageModel, exact: exact(loaded.chain).flatMap(LanguageModelOption.loaded))
    }
    guard dynamic.dynamicRate == nil else {
      throw CLIError.usage("--dynamic-rate is for language models, which this is not")
    }
    if let tagger = chain.tagger {
      try judge(tagger, chain, exact: exact(loaded.chain)?.tagger)
    } else if let forecaster = chain.forecaster {
      try judge(forecaster)
    } else if let images = chain.imageClassifier {
      try judge(images, chain)
    } else {
      _ = try model.classifier(in: loaded, quiet: quiet)
      try judge(chain, exact: exact(loaded.chain))
    }
  }

  /// The model in full where it is judged with fewer bits, to be judged beside it.
  private func exact(_ chain: Chain) -> Chain? { reading.precision == .float32 ? nil : chain }

  private func judge(_ classifier: Chain, exact: Chain?) throws {
    let data = try labelled.read()
    let threads = Threads.count(threads)
    try write(
      ReportText(
        Evaluation.report(of: classifier, on: data, threads: threads),
        exact: exact.map { try Evaluation.report(of: $0, on: data, threads: threads) }))
  }

  /// DATA is a folder, whose test part is meant, or a file of images.
  private func judge(_ model: LeNet, _ chain: Chain) throws {
    guard labelled.data.count == 1, let path = labelled.data.first else {
      throw CLIError.usage("a model of images is judged on one folder or file")
    }
    let data = try ImageParts.read(path, part: .test)
    try data.images.checkSize(model.input, file: path)
    try write(
      ReportText(Evaluation.report(of: chain, model, on: data, threads: Threads.count(threads))))
  }

  private func write(_ text: ReportText) throws {
    try write(
      text.json(withConfusion: confusion), table: text.table(withConfusion: confusion),
      text.figures)
  }

  private func judge(
    _ loaded: LanguageModelOption.Loaded, exact: LanguageModelOption.Loaded?
  ) throws {
    guard !confusion, failUnder.isEmpty else {
      throw CLIError.usage("a language model has neither --confusion nor an accuracy to fail under")
    }
    let evaluation = try dynamic.evaluation
    guard exact == nil || evaluation == nil else {
      throw CLIError.usage("--dynamic-rate goes on training, which needs --precision float32")
    }
    let corpus = try TextCorpus(labelled.data, labelled.recordOptions)
    let ids = try corpus.ids(loaded.stages, end: loaded.model.options.end)
    let threads = Threads.count(threads)
    let sum =
      try evaluation?.logProbability(ofText: ids, by: loaded.model, threads: threads)
      ?? loaded.model.logProbability(ofText: ids, threads: threads)
    let text = TextReport(
      symbolCount: ids.count, byteCount: corpus.byteCount, logProbability: sum,
      exact: exact?.model.logProbability(ofText: ids, threads: threads))
    try write(text.json, table: text.table, [])
  }

  private func judge(_ tagger: RecurrentTagger, _ chain: Chain, exact: RecurrentTagger?) throws {
    try refuseConfusion("a tagger")
    let data = try columns.read(labelled.data, labelled.recordOptions)
    let ids = try Chain(Array(chain.stages.dropLast())).run(data.sentences, as: IDChunk.self)
    let report = { (tagger: RecurrentTagger) in
      try tagger.evaluate(
        ids, tags: data.targets(in: tagger.labels), threads: Threads.count(threads))
    }
    let text = TaggingText(try report(tagger), exact: try exact.map(report))
    try write(text.json, table: text.table, text.figures)
  }

  private func judge(_ forecaster: RecurrentForecaster) throws {
    try refuseConfusion("a forecaster")
    guard labelled.data.count == 1 else {
      throw CLIError.usage("a forecaster is judged on one file (a series goes on in no other)")
    }
    let series = try SeriesReader.read(
      labelled.data[0], columns: forecaster.columns, options: labelled.recordOptions)
    let text = ForecastText(
      try forecaster.evaluate(series, threads: Threads.count(threads)),
      name: forecaster.columns[0])
    try write(text.json, table: text.table, text.figures)
  }

  private func refuseConfusion(_ model: String) throws {
    guard !confusion else { throw CLIError.usage("\(model) has no --confusion matrix") }
  }

  private func write(
    _ object: JSONValue, table: String, _ figures: [(name: String, value: Double)]
  ) throws {
    try StandardOutput.write(json ? object.text() + "\n" : table)
    for limit in failUnder { try limit.check(figures) }
  }
}
