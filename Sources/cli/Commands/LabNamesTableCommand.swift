import ArgumentParser
import Pipeline
import Seq

/// `seqtool lab names-table`: a vanilla RNN on names, in the published configurations.
struct LabNamesTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "names-table",
    abstract: "Compare configurations of the name classifier with published losses.",
    discussion: """
      A vanilla RNN reads each name character by character and says its label from the last \
      hidden state, in four configurations with published losses, and in the best one found since. \
      The published ones take one name at a time for 50 epochs; --epochs makes that shorter.

        seqtool lab names-table train.tsv --dev dev.tsv --plot names.svg
        seqtool lab names-table data/names --epochs 5
      """)

  @OptionGroup
  var labelled: LabelledDataOptions

  @Option(
    help: "Choose the epoch by this file, or by a share of the data such as 5%.",
    completion: .file())
  var dev = DevelopmentPart.percent(5)

  @Option(
    help: ArgumentHelp("Judge on this file too.", valueName: "file"), completion: .file())
  var test: String?

  @Option(
    help: ArgumentHelp("Passes over the data, in place of each configuration's.", valueName: "n"))
  var epochs: Int?

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Threads; 0 is one per core. Never changes a figure.", valueName: "n"))
  var threads = 0

  @OptionGroup
  var lab: LabOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    try LabRange.check("threads", threads, 0...1024)
    if let epochs { try LabRange.check("epochs", epochs, 1...1_000_000) }
  }

  func run() throws {
    try lab.checkPlot()
    let parts = try TrainingParts(labelled, dev: dev)
    guard parts.dev.count > 0 else {
      throw CLIError.badData("no record is left to judge on (give a file with --dev)")
    }
    var recipe = ClassifierRecipe(
      for: parts.train.text, unit: .character, teacher: .some(nil))
    recipe.ngrams = nil
    let stages = try recipe.fitStages(on: parts.train.text)
    let labels = parts.train.labelNames
    let judged = try test.map { try Self.judged(try labelled.read([$0]), stages, labels) }
    let configurations = configurations
    let table = NamesTable(
      configurations: configurations, labels: labels, symbols: recipe.architecture.symbols)
    let lab = lab
    let rows = try table.rows(
      train: try stages.examples(parts.train), dev: try stages.examples(parts.dev),
      test: judged, threads: Threads.count(threads)
    ) { number, report in
      lab.note(
        "\(number + 1) of \(configurations.count), epoch \(report.epoch)  "
          + "train \(ReportText.figure(report.trainLoss))  "
          + "dev \(ReportText.figure(report.devLoss ?? .nan))")
    }
    try StandardOutput.write(Self.table(rows))
    try lab.draw([Self.chart(rows)])
  }

  private var configurations: [NamesConfiguration] {
    NamesConfiguration.all.map { configuration in
      var configuration = configuration
      configuration.training.seed = lab.seed
      if let epochs { configuration.training.epochs = epochs }
      return configuration
    }
  }

  private static func judged(
    _ data: LabelledDataset, _ stages: Chain, _ labels: [String]
  ) throws -> ClassifierExamples {
    ClassifierExamples(
      ids: try stages.run(data.text, as: IDChunk.self),
      labels: try Evaluation.targets(data, in: labels))
  }

  private static func table(_ rows: [NamesTable.Row]) -> String {
    func text(_ losses: [Double?]) -> [String] {
      losses.map { $0.map(ReportText.figure) ?? "-" }
    }
    let header = [
      "", "configuration", "epoch", "train", "dev", "test", "published train", "dev", "test",
    ]
    return TextTable(
      [header]
        + rows.enumerated().map { number, row in
          let published = row.configuration.published
          return ["\(number + 1)", row.configuration.name, "\(row.epoch)"]
            + text([
              row.train, row.dev, row.test, published?.train, published?.dev, published?.test,
            ])
        }
    ).text
  }

  private static func chart(_ rows: [NamesTable.Row]) -> LineChart {
    LineChart(
      title: "dev loss (nats)", xTitle: "epoch",
      series: rows.enumerated().map { number, row in
        LineChart.Series(
          "configuration \(number + 1)",
          row.epochs.compactMap { report in
            report.devLoss.map { (Double(report.epoch), $0) }
          })
      })
  }
}
