import Glibc
import Pipeline
import Seq
import Synchronization

/// Saves a training now and then into a folder, and when a signal asks it to stop.
final class Checkpointing: TrainingMonitor {
  private let folder: CheckpointFolder
  private let resumes: Bool
  private let interval: Double
  private var last = Monotonic.seconds()

  /// - Parameters:
  ///   - interval: seconds between two saves.
  ///   - resumes: whether to go on from what the folder has; else it is emptied.
  init(_ path: String, every interval: Double, resumes: Bool) throws {
    folder = try CheckpointFolder(path)
    self.interval = interval
    self.resumes = resumes
    if !resumes { try folder.clear() }
    StopSignals.catchThem()
  }

  func saved(_ run: String) throws -> TrainingSnapshot? {
    resumes ? try folder.newest(run) : nil
  }

  func request(step: Int) -> TrainingRequest {
    if StopSignals.isAsked { return .saveAndStop }
    return Monotonic.seconds() - last >= interval ? .save : .goOn
  }

  func save(_ snapshot: TrainingSnapshot, of run: String, isBest: Bool) throws {
    try folder.save(snapshot, of: run, isBest: isBest)
    last = Monotonic.seconds()
  }
}

/// SIGINT, SIGTERM and SIGHUP as a wish that is asked for, in place of a sudden end.
enum StopSignals {
  private static let isSet = Atomic(false)

  static var isAsked: Bool { isSet.load(ordering: .relaxed) }

  static func catchThem() {
    // Made before a signal can come: a handler must not be the first to touch it.
    isSet.store(false, ordering: .relaxed)
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        // The second time means it.
        if StopSignals.isSet.exchange(true, ordering: .relaxed) { _exit(130) }
      }
      sigaction(signal, &action, nil)
    }
  }
}

/// The time since some fixed moment; never goes back.
enum Monotonic {
  static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
