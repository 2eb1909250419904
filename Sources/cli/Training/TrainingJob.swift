import Seq

/// A training whose options were found to have a meaning.
protocol TrainingJob {
  var training: TrainingOptions { get }

  /// Trains, or goes on where the monitor has something saved.
  ///
  /// - Returns: the bytes of the model file.
  /// - Throws: `SeqError.interrupted` where the monitor stops it, and what training throws.
  func modelBytes(threads: Int, monitor: any TrainingMonitor) throws -> [UInt8]
}
