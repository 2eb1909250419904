/// Where a training saves itself, and what tells it to stop.
public protocol TrainingMonitor {
  /// What was saved before, by a run of the same name.
  func saved(_ run: String) throws -> TrainingSnapshot?
  /// Asked after every step: whether to save now, and whether to stop after that.
  func request(step: Int) -> TrainingRequest
  /// Saves a snapshot.
  func save(_ snapshot: TrainingSnapshot, of run: String, isBest: Bool) throws
  /// Asked between two epochs, the first of which has been saved: whether to stop.
  func stops(afterEpoch epoch: Int, of run: String) -> Bool
}

extension TrainingMonitor {
  /// Never.
  public func stops(afterEpoch epoch: Int, of run: String) -> Bool { false }
}

/// What a monitor asks of a training.
public enum TrainingRequest: Sendable, Hashable {
  case goOn
  case save
  case saveAndStop
}
