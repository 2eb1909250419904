public import ArgumentParser
public import Seq

/// Where a training saves itself while it runs, and what becomes of one that diverges.
struct CheckpointOptions: ParsableArguments {
  enum Resume: String, ExpressibleByArgument, CaseIterable {
    case auto, never
  }

  @Option(
    help: ArgumentHelp(
      "Save the state of the training in this folder, to go on from after an interruption.",
      valueName: "folder"),
    completion: .directory)
  var checkpoint: String?

  @Option(help: ArgumentHelp("How often, such as 30s or 10m.", valueName: "time"))
  var checkpointEvery = TimeSpan(milliseconds: 60_000)

  @Option(help: "Go on from what the folder has (auto), or begin anew (never).")
  var resume = Resume.auto

  @Option(
    help: """
      Where a number is no longer finite, or the loss has exploded: stop, or \
      go back to the end of the last epoch and halve the learning rate (rollback).
      """)
  var onDiverge = DivergencePolicy.stop

  func monitor() throws -> Checkpointing? {
    try checkpoint.map {
      try Checkpointing(
        $0, every: Double(checkpointEvery.milliseconds) / 1000, resumes: resume == .auto)
    }
  }
}

extension DivergencePolicy: ExpressibleByArgument {}
