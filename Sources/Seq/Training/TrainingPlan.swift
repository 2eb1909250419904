import Pipeline

/// What a loop over epochs needs to know.
struct TrainingPlan {
  /// The name under which the monitor knows the training.
  var name: String
  var epochs: Int
  /// Stop after this many epochs without better figures; 0 is never.
  var earlyStopping: Int
  /// Whether an epoch without better figures is undone: the best weights come back.
  var rollsBack: Bool
  var onDiverge: DivergencePolicy
  /// What must agree for a saved run to go on: data and options.
  var identity: JSONObject
  var monitor: (any TrainingMonitor)?
}

extension TrainingPlan {
  /// The plan of a training by minibatches.
  ///
  /// - Parameter identity: what else than the options must agree.
  init(
    _ name: String, _ training: TrainingOptions, architecture: some Encodable,
    identity: JSONObject, monitor: (any TrainingMonitor)?
  ) throws {
    self.init(
      name: name, epochs: training.epochs, earlyStopping: training.earlyStopping,
      rollsBack: training.rollsBack, onDiverge: training.onDiverge,
      identity: try identity.with(architecture: architecture, training: training.asIdentity),
      monitor: monitor)
  }

  /// Saves, and stops, where the monitor asks for it.
  /// - Throws: `SeqError.interrupted`, and what saving throws.
  func obey(step: Int, _ snapshot: () throws -> TrainingSnapshot) throws {
    guard let request = monitor?.request(step: step), request != .goOn else { return }
    try save(try snapshot(), isBest: false)
    if request == .saveAndStop { throw SeqError.interrupted(step: step) }
  }

  func save(_ snapshot: TrainingSnapshot, isBest: Bool) throws {
    guard let monitor else { return }
    var snapshot = snapshot
    snapshot.numbers["identity"] = .object(identity)
    try monitor.save(snapshot, of: name, isBest: isBest)
  }
}
