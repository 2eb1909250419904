import Pipeline

/// How far a training is and the best of it so far: what every kind of training has.
struct TrainingState: Sendable {
  /// The epoch that is worked on, from 1, and how many of its steps are done.
  var epoch = 1
  private(set) var step = 0
  /// Sums over the steps of the epoch.
  private var loss = 0.0
  private var lossCount = 0
  private var largestNorm = 0.0
  /// The learning rate of the last step.
  private(set) var rate = 0.0
  /// Symbols read in all.
  private var tokens = 0

  /// What an untrained network says: the mean loss of the very first step, where the task does not
  /// know better.
  private var firstLoss: Double?
  /// The mean loss of the first epoch, once that is done.
  private var firstEpochLoss: Double?
  /// How often the dev part found no better weights.
  var plateaus = 0
  /// How often the training has gone back after a divergence.
  var rollbacks = 0
  /// The figures of the epoch whose weights are kept: the best on the dev part, or the last.
  var kept: EpochReport?
  var bestParameters: ParameterVector<Float>?

  private var meanLoss: Double { loss / Double(max(1, lossCount)) }

  /// What every learning rate is multiplied by: halved each time that the training went back.
  var rateFactor: Double { (0..<rollbacks).reduce(1) { factor, _ in factor / 2 } }

  /// Sets the learning rate of the next step from what the schedule says.
  mutating func setRate(_ scheduled: Double) { rate = scheduled * rateFactor }

  /// Adds what one step gave.
  mutating func add(_ sum: LossSum, norm: Double, untrained: Double? = nil) {
    firstLoss = firstLoss ?? untrained ?? sum.loss / Double(max(1, sum.count))
    step += 1
    loss += sum.loss
    lossCount += sum.count
    tokens += sum.symbols
    largestNorm = max(largestNorm, norm)
  }

  func event(progress: Double) -> TrainingEvent {
    .step(epoch: epoch, progress: progress, loss: meanLoss, tokens: tokens)
  }

  /// What is wrong where the loss of the epoch so far is a divergence (`DivergencePolicy`).
  var explosion: String? {
    guard let firstLoss, firstLoss > 0 else { return nil }
    let limit =
      firstEpochLoss.map { DivergencePolicy.explosion * max(firstLoss, $0) }
      ?? DivergencePolicy.firstEpochExplosion * firstLoss
    return meanLoss > limit ? "the loss has exploded from \(firstLoss) to \(meanLoss)" : nil
  }

  /// The report of the epoch, whose sums start anew.
  mutating func endEpoch() -> EpochReport {
    let report = EpochReport(
      epoch: epoch, trainLoss: meanLoss, devLoss: nil, devAccuracy: nil, learningRate: rate,
      gradientNorm: largestNorm, isBest: false)
    firstEpochLoss = firstEpochLoss ?? meanLoss
    (step, loss, lossCount, largestNorm) = (0, 0, 0, 0)
    return report
  }
}

/// The loss of some records, in nats or squared errors: a sum and what it is a sum over.
struct LossSum: Sendable, Hashable {
  var loss = 0.0
  /// What a mean divides by: records, or their symbols.
  var count = 0
  /// How many symbols were read.
  var symbols = 0

  static func += (a: inout LossSum, b: LossSum) {
    a.loss += b.loss
    a.count += b.count
    a.symbols += b.symbols
  }
}

// MARK: - Snapshots

extension TrainingState {
  /// More than any training may have, the one behind the last included.
  private static let epochs = 1...1 << 20

  func save(to snapshot: inout TrainingSnapshot) throws {
    for (name, value) in [
      ("epoch", epoch), ("epoch_step", step), ("loss_count", lossCount), ("tokens", tokens),
      ("plateaus", plateaus), ("rollbacks", rollbacks),
    ] { snapshot.numbers[name] = .int(value) }
    for (name, value) in [("loss", loss), ("largest_norm", largestNorm), ("rate", rate)] {
      snapshot.numbers[name] = .double(value)
    }
    for (name, value) in [("first_loss", firstLoss), ("first_epoch_loss", firstEpochLoss)] {
      snapshot.numbers[name] = value.map { .double($0) } ?? .null
    }
    snapshot.numbers["kept"] = try kept.map { try JSONValue(encoding: $0) } ?? .null
    snapshot.arrays["best"] = bestParameters?.elements
  }

  /// - Throws: `SeqError.unusableSnapshot`.
  mutating func restore(_ snapshot: TrainingSnapshot, _ learner: Learner) throws {
    epoch = try snapshot.count("epoch", in: Self.epochs)
    step = try snapshot.count("epoch_step")
    lossCount = try snapshot.count("loss_count")
    tokens = try snapshot.count("tokens")
    plateaus = try snapshot.count("plateaus")
    rollbacks = try snapshot.count("rollbacks", in: 0...DivergencePolicy.maximumRollbacks)
    loss = try snapshot.double("loss")
    largestNorm = try snapshot.double("largest_norm")
    rate = try snapshot.double("rate")
    firstLoss = try snapshot.value("first_loss")
    firstEpochLoss = try snapshot.value("first_epoch_loss")
    kept = try snapshot.value("kept")
    if let kept, !Self.epochs.contains(kept.epoch) {
      throw SeqError.unusableSnapshot("kept.epoch is \(kept.epoch), which no training reaches")
    }
    bestParameters = try learner.vector(in: snapshot, "best")
  }
}

extension TrainingSnapshot {
  /// Whether it was taken at the end of an epoch whose weights were the best so far.
  var endsBestEpoch: Bool {
    guard let kept = try? kept(), let epoch = try? int("epoch") else { return false }
    return kept.epoch == epoch - 1 && numbers["epoch_step"] == 0
  }
}
