import ArgumentParser
import Seq

/// What every training has beside its data and its network: where the model goes, how it runs, what it
/// tells.
struct TrainingRunOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"),
    completion: .file(extensions: ["seqmodel"]))
  var output: String

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Threads; 0 is one per core. Never changes the model.", valueName: "n"))
  var threads = 0

  @OptionGroup(title: "Checkpoints")
  var checkpoints: CheckpointOptions

  @OptionGroup(title: "Reporting")
  var reporting: ReportingOptions

  func validate() throws {
    guard threads >= 0 else {
      throw ValidationError("--threads \(threads) has no meaning (use 0 for all cores, or more)")
    }
  }

  var threadCount: Int { Threads.count(threads) }

  func apply(to options: inout some LearningSettings) {
    options.onDiverge = checkpoints.onDiverge
  }
}
