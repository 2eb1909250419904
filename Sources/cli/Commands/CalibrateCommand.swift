import ArgumentParser
import Pipeline

/// `seqtool calibrate`: a classifier and labelled data in, the classifier with truer probabilities
/// out.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Make a classifier's probabilities fit labelled data, by one temperature.",
    discussion: """
      Divides the logits by the temperature that makes the loss on the data smallest, and writes \
      the model with that folded into its last layer: it labels as before and is as fast. Prints \
      loss and ece (expected calibration error) on the data before and after. The data should be \
      others than the model was trained on.

        seqtool calibrate --model my.seqmodel dev.tsv -o calibrated.seqmodel
      """)

  @OptionGroup
  var model: ModelOption

  @OptionGroup
  var labelled: LabelledDataOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"),
    completion: .file(extensions: ["seqmodel"]))
  var output: String

  @Flag(help: "One JSON object.")
  var json = false

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Threads; 0 is one per core. Never changes the model.", valueName: "n"))
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
    try OutputFile.check(output)
    let calibrated = try CalibratedModel(
      model.loadClassifier(quiet: quiet), name: model.model ?? "built-in model",
      on: labelled.read(), threads: Threads.count(threads))
    try AtomicFile.write(calibrated.bytes(), to: output)
    if calibrated.isAtLimit, !quiet {
      StandardError.note(
        "no temperature from \(CalibratedModel.range.lowerBound) to "
          + "\(CalibratedModel.range.upperBound) fits best: the data are too few or too easy")
    }
    try StandardOutput.write(json ? calibrated.json.text() + "\n" : calibrated.table)
  }
}
