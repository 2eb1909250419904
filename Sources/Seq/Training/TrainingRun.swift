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

extension TrainingRun {
  var parameters: ParameterVector<Float> { learner.parameters }
  mutating func didJudge(_ report: EpochReport) {}
  func save(to snapshot: inout TrainingSnapshot) {}
  mutating func restore(_ snapshot: TrainingSnapshot) throws {}

  /// Trains from where the monitor's snapshot stands, or from the beginning, to the end; gives the
  /// weights that were kept.
  ///
  /// The state to go back to after a divergence is that at an epoch's end, never at a moment that the
  /// clock chose, and a part of every snapshot: so an interruption changes no bit of a training that
  /// goes back.
  /// - Throws: `SeqError.nonFinite`, `.diverged`, `.interrupted`, `.unusableSnapshot`, and what the
  ///   monitor and `onEvent` throw.
  mutating func train(
    _ plan: TrainingPlan, onEvent: (TrainingEvent) throws -> Void
  ) throws -> ParameterVector<Float> {
    var good = GoodState(plan)
    if let saved = try plan.monitor?.saved(plan.name) {
      try saved.checkIdentity(plan.identity)
      try restoreAll(saved)
      good.keep(from: saved)
    } else {
      good.keep(try snapshot())
    }
    while state.epoch <= plan.epochs {
      if state.step == 0, plan.monitor?.stops(afterEpoch: state.epoch - 1, of: plan.name) == true {
        throw SeqError.interrupted(step: learner.step - 1)
      }
      do {
        let report = try trainEpoch(plan, good, onEvent)
        let snapshot = try snapshot()
        good.keep(snapshot)
        try plan.save(snapshot, isBest: report.isBest)
      } catch let error as SeqError where error.isDivergence {
        try goBack(to: good, after: error, onEvent)
      }
    }
    if let kept = state.kept { try onEvent(.kept(kept)) }
    return state.bestParameters ?? parameters
  }

  /// The rest of the epoch, and what follows from it.
  private mutating func trainEpoch(
    _ plan: TrainingPlan, _ good: GoodState, _ onEvent: (TrainingEvent) throws -> Void
  ) throws -> EpochReport {
    try finishEpoch(onEvent: onEvent) { run in
      if run.state.step >= DivergencePolicy.firstCheckedStep { try run.checkLoss() }
      try plan.obey(step: run.learner.step - 1) { good.added(to: try run.snapshot()) }
    }
    try checkLoss()
    let report = try judged(state.endEpoch(), plan)
    try onEvent(.epoch(report))
    let isOver =
      plan.earlyStopping > 0 && report.devLoss != nil
      && report.epoch - (state.kept?.epoch ?? 0) >= plan.earlyStopping
    state.epoch = isOver ? plan.epochs + 1 : state.epoch + 1
    return report
  }

  /// The report with the figures of the dev part; keeps the best weights.
  private mutating func judged(
    _ report: EpochReport, _ plan: TrainingPlan
  ) throws -> EpochReport {
    guard let figures = judge() else {
      state.kept = report
      return report
    }
    guard figures.loss.isFinite else { throw divergence("dev loss") }
    var report = report
    (report.devLoss, report.devAccuracy, report.devF1) =
      (figures.loss, figures.accuracy, figures.f1)
    report.isBest = figures.isBetter(than: state.kept)
    if report.isBest {
      state.kept = report
      state.bestParameters = parameters
    } else {
      state.plateaus += 1
      if plan.rollsBack, let best = state.bestParameters { learner.parameters = best }
    }
    didJudge(report)
    return report
  }

  // MARK: - Divergence

  private func divergence(_ what: String) -> SeqError {
    .nonFinite(what: what, step: learner.step - 1, learningRate: state.rate)
  }

  private func checkLoss() throws {
    guard let problem = state.explosion else { return }
    throw SeqError.diverged(
      problem, step: learner.step - 1, learningRate: state.rate, rollbacks: state.rollbacks)
  }

  /// Takes back the last good state and halves the rate; ends the training where that is not wanted
  /// or has not helped.
  private mutating func goBack(
    to good: GoodState, after error: SeqError, _ onEvent: (TrainingEvent) throws -> Void
  ) throws {
    let rollbacks = state.rollbacks
    guard let snapshot = good.snapshot else { throw error }
    guard rollbacks < DivergencePolicy.maximumRollbacks else {
      throw error.afterRollbacks(rollbacks)
    }
    try restoreAll(snapshot)
    state.rollbacks = rollbacks + 1
    try onEvent(
      .rollback(
        RollbackReport(
          problem: error.divergence, epoch: state.epoch - 1, rateFactor: state.rateFactor,
          number: state.rollbacks)))
  }

  // MARK: - Snapshots

  /// - Throws: `SeqError.nonFinite`: what is no number is never kept.
  private func snapshot() throws -> TrainingSnapshot {
    var snapshot = TrainingSnapshot()
    try state.save(to: &snapshot)
    learner.save(to: &snapshot)
    save(to: &snapshot)
    guard snapshot.isFinite else { throw divergence("largest weight") }
    return snapshot
  }

  private mutating func restoreAll(_ snapshot: TrainingSnapshot) throws {
    try learner.restore(snapshot)
    try state.restore(snapshot, learner)
    try restore(snapshot)
  }
}
