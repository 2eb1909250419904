import Pipeline
import Seq

/// Saves one trial of a search and stops it at the end of a rung.
final class TrialMonitor: TrainingMonitor {
  private let folder: CheckpointFolder
  private let prefix: String
  /// The run that the rung is about; others, which teach it, are trained to their end.
  private let run: String
  private let lastEpoch: Int
  private var lastSave = Monotonic.seconds()
  /// The epoch whose weights would be kept if the training ended now.
  private(set) var best: EpochReport?

  /// Seconds between two saves within an epoch.
  private static let interval = 60.0

  /// - Parameters:
  ///   - trial: from 0.
  ///   - run: the name under which the trainer saves what the search is about.
  ///   - lastEpoch: after which to stop.
  init(_ folder: CheckpointFolder, trial: Int, run: String, lastEpoch: Int) {
    self.folder = folder
    self.run = run
    self.lastEpoch = lastEpoch
    prefix = Self.prefix(ofTrial: trial)
  }

  /// Before the names of all runs of a trial.
  static func prefix(ofTrial trial: Int) -> String { "trial-\(trial + 1)-" }

  func saved(_ run: String) throws -> TrainingSnapshot? {
    let snapshot = try folder.newest(prefix + run)
    if run == self.run { best = try snapshot?.kept() }
    return snapshot
  }

  func request(step: Int) -> TrainingRequest {
    if StopSignals.isAsked { return .saveAndStop }
    return Monotonic.seconds() - lastSave >= Self.interval ? .save : .goOn
  }

  func save(_ snapshot: TrainingSnapshot, of run: String, isBest: Bool) throws {
    try folder.save(snapshot, of: prefix + run, isBest: isBest)
    if run == self.run { best = try snapshot.kept() }
    lastSave = Monotonic.seconds()
  }

  func stops(afterEpoch epoch: Int, of run: String) -> Bool {
    run == self.run && epoch >= lastEpoch
  }
}
