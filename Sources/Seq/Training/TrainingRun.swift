import Pipeline

/// A training at work, as the loop over its epochs sees it.
protocol TrainingRun {
  var state: TrainingState { get set }
  var learner: Learner { get set }
  /// The weights that are judged and kept.
  var parameters: ParameterVector<Float> { get }

  /// Takes the rest of the epoch's steps.
  ///
  /// - Parameter afterStep: called after each step with the run as it then is.
  mutating func finishEpoch(
    onEvent: (TrainingEvent) throws -> Void, afterStep: (Self) throws -> Void) throws

  /// The figures of `parameters` on the dev part; `nil` where there is none.
  func judge() -> DevFigures?

  /// What follows from the figures of an epoch, beside keeping the best weights.
  mutating func didJudge(_ report: EpochReport)

  /// Adds what `state` and `learner` do not say.
  func save(to snapshot: inout TrainingSnapshot)

  /// - Throws: `SeqError.unusableSnapshot`.
  mutating func restore(_ snapshot: TrainingSnapshot) throws
}

/// What weights are judged by.
struct DevFigures: Sendable, Hashable {
  /// The mean loss.
  var loss: Double
  var accuracy: Double?
  /// Of spans, where a task has them.
  var f1: Double?

  /// By F1 where there is one, for a loss may rise while the answers still get better; else by the
  /// loss.
  func isBetter(than kept: EpochReport?) -> Bool {
    guard let kept, let loss = kept.devLoss else { return self.loss < .infinity }
    guard let f1, let best = kept.devF1, f1 != best else { return self.loss < loss }
    return f1 > best
  }
}

/// What a loop over epochs needs to know.
struct TrainingPlan {
  /// The name under which the monitor knows the training.
  var name: String
  var epochs: Int
  /// Stop after this many epochs without better figures; 0 is never.
  var earlyStopping: Int
  /// What must agree for a saved run to go on: data and options.
  var identity: JSONObject
  var monitor: (any TrainingMonitor)?
}

extension TrainingRun {
  var parameters: ParameterVector<Float> { learner.parameters }
  mutating func didJudge(_ report: EpochReport) {}
  func save(to snapshot: inout TrainingSnapshot) {}
  mutating func restore(_ snapshot: TrainingSnapshot) throws {}

  /// Trains from where the monitor's snapshot stands, or from the beginning, to the end; gives the
  /// weights that were kept.
  /// - Throws: `SeqError.nonFinite`, `.interrupted`, `.unusableSnapshot`, and what the monitor and
  ///   `onEvent` throw.
  mutating func train(
    _ plan: TrainingPlan, onEvent: (TrainingEvent) throws -> Void
  ) throws -> ParameterVector<Float> {
    if let saved = try plan.monitor?.saved(plan.name) { try restore(saved, plan.identity) }
    while state.epoch <= plan.epochs {
      try finishEpoch(onEvent: onEvent) { run in
        try plan.monitor?.obey(step: run.learner.step - 1, of: plan.name) {
          try run.snapshot(plan.identity)
        }
      }
      let report = judged(state.endEpoch())
      try onEvent(.epoch(report))
      let isOver =
        plan.earlyStopping > 0 && report.devLoss != nil
        && report.epoch - (state.kept?.epoch ?? 0) >= plan.earlyStopping
      state.epoch = isOver ? plan.epochs + 1 : state.epoch + 1
      try plan.monitor?.save(
        try snapshot(plan.identity), of: plan.name, isBest: report.isBest)
    }
    if let kept = state.kept { try onEvent(.kept(kept)) }
    return state.bestParameters ?? parameters
  }

  /// The report with the figures of the dev part; keeps the best weights.
  private mutating func judged(_ report: EpochReport) -> EpochReport {
    guard let figures = judge() else {
      state.kept = report
      return report
    }
    var report = report
    (report.devLoss, report.devAccuracy, report.devF1) =
      (figures.loss, figures.accuracy, figures.f1)
    report.isBest = figures.isBetter(than: state.kept)
    if report.isBest {
      state.kept = report
      state.bestParameters = parameters
    } else {
      state.plateaus += 1
    }
    didJudge(report)
    return report
  }

  // MARK: - Snapshots

  private func snapshot(_ identity: JSONObject) throws -> TrainingSnapshot {
    var snapshot = TrainingSnapshot(numbers: JSONObject([("identity", .object(identity))]))
    try state.save(to: &snapshot)
    learner.save(to: &snapshot)
    save(to: &snapshot)
    return snapshot
  }

  private mutating func restore(_ snapshot: TrainingSnapshot, _ identity: JSONObject) throws {
    try snapshot.checkIdentity(identity)
    try learner.restore(snapshot)
    try state.restore(snapshot, learner)
    try restore(snapshot)
  }
}
