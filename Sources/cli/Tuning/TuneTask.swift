import Pipeline
import Seq

/// What a search trains: one kind of model on given data.
protocol TuneTask {
  /// The command that trains one such model: `["train", "classify"]`.
  static var command: [String] { get }
  /// The name under which its trainer saves itself.
  static var run: String { get }
  /// What is tried where the user names nothing.
  static var defaultSpace: JSONObject { get }

  /// What must agree for a search to go on: the data.
  var identity: JSONObject { get }

  /// The number of epochs with these options, which are those of `command`.
  /// - Throws: where an option has no meaning.
  func epochs(_ options: [String]) throws -> Int

  /// Trains, or goes on where the monitor has something saved.
  ///
  /// - Returns: the bytes of the model file.
  /// - Throws: `SeqError.interrupted` where the monitor stops it, and what training throws.
  func train(
    _ options: [String], threads: Int, monitor: any TrainingMonitor
  ) throws -> [UInt8]
}

/// A task that makes a job of options and its data.
protocol TuneJobTask: TuneTask {
  associatedtype Job: TrainingJob

  /// - Throws: where an option has no meaning.
  func job(_ options: [String]) throws -> Job
}

extension TuneJobTask {
  func epochs(_ options: [String]) throws -> Int { try job(options).training.epochs }

  func train(
    _ options: [String], threads: Int, monitor: any TrainingMonitor
  ) throws -> [UInt8] {
    try job(options).modelBytes(threads: threads, monitor: monitor)
  }
}
