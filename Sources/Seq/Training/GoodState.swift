import Pipeline

/// The state that a training goes back to after a divergence, where it may.
struct GoodState {
  private let isWanted: Bool
  private(set) var snapshot: TrainingSnapshot?

  /// Before the names of this state within the snapshot of a later one.
  private static let prefix = "good."

  init(_ plan: TrainingPlan) { isWanted = plan.onDiverge == .rollback }

  mutating func keep(_ snapshot: TrainingSnapshot) {
    if isWanted { self.snapshot = snapshot }
  }

  /// Takes the state that was added to a snapshot; one between two epochs has none and is it.
  mutating func keep(from saved: TrainingSnapshot) {
    keep(saved.part(Self.prefix) ?? saved)
  }

  /// A snapshot from the middle of an epoch with this state beside it.
  func added(to snapshot: TrainingSnapshot) -> TrainingSnapshot {
    guard let good = self.snapshot else { return snapshot }
    var whole = snapshot
    whole.add(good, prefix: Self.prefix)
    return whole
  }
}
