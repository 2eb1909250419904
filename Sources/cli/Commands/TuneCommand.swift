import ArgumentParser
import Pipeline
import Seq

/// `seqtool tune`: data in, good options for a training out.
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search for options of a training: random trials with successive halving.",
    discussion: """
      All trials are trained a little, the best third of them three times as long, and so on. The \
      folder gets a journal, checkpoints and best.json, which the training's --config takes; the \
      same command goes on where it was stopped and ends in the same result. A space is a file \
      such as {"hidden": [64, 128], "learning-rate": {"log": [1e-4, 1e-2]}, "dropout": {"uniform": \
      [0, 0.6]}, "layers": {"integer": [1, 3]}, "epochs": 12}.

        seqtool tune train.tsv --dev dev.tsv --folder search -o best.seqmodel
        seqtool tune data/names --space space.yaml --trials 9 --rungs 2 --folder search
        seqtool tune sales.csv --task forecast --column units --folder search
        seqtool train classify data/names --config search/best.json -o my.seqmodel
      """)

  @OptionGroup
  var labelled: LabelledDataOptions

  @Option(help: "Which training to tune; the data are what that training reads.")
  var task = TuneKind.classify

  @OptionGroup
  var columns: ColumnOptions

  @OptionGroup
  var series: SeriesColumnOptions

  @Option(
    help: ArgumentHelp("Keep the journal and the checkpoints here.", valueName: "folder"),
    completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp(
      "What to choose from, in JSON or YAML; without it, a good space whose first trial is the "
        + "command's own choice.", valueName: "file"),
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var space: String?

  @Option(help: ArgumentHelp("How many options are tried.", valueName: "n"))
  var trials = 27

  @Option(help: ArgumentHelp("How often the field is cut.", valueName: "n"))
  var rungs = 3

  @Option(
    help: ArgumentHelp(
      "At each cut one in N trials goes on, for N times as many epochs.", valueName: "n"))
  var factor = 3

  @Option(help: ArgumentHelp("Decides what is tried.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    name: .customLong("dev"),
    help: "Judge on this file, or on a share of the data such as 5%; without it, as the training.",
    completion: .file())
  var givenDev: DevelopmentPart?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Also write the best trial's model.", valueName: "file"),
    completion: .file(extensions: ["seqmodel"]))
  var output: String?

  @Flag(help: "One JSON array of all trials, the best first.")
  var json = false

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Threads; 0 is one per core. Never changes the result.", valueName: "n"))
  var threads = 0

  @Flag(name: [.customShort("q"), .long], help: "Nothing on stderr but errors.")
  var quiet = false

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard threads >= 0 else {
      throw ValidationError("--threads \(threads) has no meaning (use 0 for all cores, or more)")
    }
    let foreign: [(name: String, isGiven: Bool, tasks: Set<TuneKind>)] = [
      ("--column", series.column != nil, [.forecast]),
      ("--inputs", series.inputs != nil, [.forecast]),
      ("--token-column", columns.tokenColumn != 1, [.tag]),
      ("--tag-column", columns.tagColumn != -1, [.tag]),
      ("--format", labelled.format != nil, [.classify]),
      ("--label-column", labelled.labelColumn != "label", [.classify]),
      ("--text-column", labelled.textColumn != "text", [.classify]),
      ("--keep-cr", labelled.keepCR, [.classify, .lm]),
    ]
    if let option = foreign.first(where: { $0.isGiven && !$0.tasks.contains(task) }) {
      throw ValidationError("\(option.name) has no effect with --task \(task)")
    }
  }

  func run() throws {
    if let output { try OutputFile.check(output) }
    switch task {
    case .classify:
      try search { try ClassifierTuning(TrainingParts(labelled, dev: dev)) }
    case .lm:
      try search {
        let parts = try TextCorpus.parts(labelled.data, dev: dev, labelled.recordOptions)
        return try LanguageModelTuning(train: parts.train, dev: parts.dev)
      }
    case .tag:
      try search {
        try TaggerTuning(TaggedParts(labelled.data, columns, labelled.recordOptions, dev: dev))
      }
    case .forecast:
      let path = try oneFile()
      try search { try ForecasterTuning(SeriesParts(path, series, dev: dev)) }
    case .image:
      let path = try oneFile()
      try search { try ImageTuning(ImageParts(path, dev: dev)) }
    }
  }

  /// What each training judges on by itself, where nothing is given.
  private var dev: DevelopmentPart { givenDev ?? .percent(task == .forecast ? 10 : 5) }

  /// - Throws: `CLIError.usage` where there are several.
  private func oneFile() throws -> String {
    guard labelled.data.count == 1 else {
      throw CLIError.usage(
        "train \(task) reads one file or folder (\(labelled.data.count) are given)")
    }
    return labelled.data[0]
  }

  /// - Parameter makeTask: reads the data, once it is known that the other options have a meaning.
  private func search<Task: TuneTask>(_ makeTask: () throws -> Task) throws {
    let halving = try SuccessiveHalving(trials: trials, rungs: rungs, factor: factor)
    let space = try searchSpace(of: Task.self)
    let tuning = try Tuning(
      makeTask(), halving, space, triesDefaults: self.space == nil, seed: seed,
      threads: Threads.count(threads), folder: folder)
    let result = try tuning.run { entry in
      if !quiet { StandardError.write(TuneText.note(entry, rungs: rungs) + "\n") }
    }
    try AtomicFile.write(
      Array(result.configuration.utf8), to: folder + "/best.json", mode: 0o644)
    if let output { try AtomicFile.write(try result.model(), to: output) }
    let text = TuneText(ranking: result.ranking)
    try StandardOutput.write(json ? text.json.text() + "\n" : text.table)
  }

  private func searchSpace<Task: TuneTask>(of task: Task.Type) throws -> SearchSpace {
    guard let space else { return try SearchSpace(task.defaultSpace) }
    let given = try ConfigurationFile.read(space).value
    guard let object = given.objectValue else {
      throw CLIError.badData("\(Escaping.printable(space)):1: not an object (write option: choice)")
    }
    let names = try TuneOptions(of: task.command)
    return try SearchSpace(names.normalized(object, origin: Escaping.printable(space)))
  }
}

/// What can be tuned.
enum TuneKind: String, CaseIterable, ExpressibleByArgument {
  case classify, lm, tag, forecast, image
}
