/// What a trainer tells while it works.
public enum TrainingEvent: Sendable {
  /// After a step: the share of the whole training that is done, the mean loss of the epoch so far
  /// in nats, and how many symbols have been read in all.
  case step(epoch: Int, progress: Double, loss: Double, tokens: Int)
  case epoch(EpochReport)
  /// After a divergence, where the training goes back and on.
  case rollback(RollbackReport)
  /// At the end: the figures of the epoch whose weights were kept.
  case kept(EpochReport)
}

/// The figures of one epoch.
public struct EpochReport: Codable, Sendable, Hashable {
  /// From 1.
  public var epoch: Int
  /// Mean cross-entropy in training, dropout on, in nats.
  public var trainLoss: Double
  /// Mean cross-entropy and accuracy on the dev part, if there is one.
  public var devLoss: Double?
  public var devAccuracy: Double?
  /// The F1 of spans on the dev part, of taggers whose tags mark spans.
  public var devF1: Double?
  public var learningRate: Double
  /// The largest norm of a gradient before clipping.
  public var gradientNorm: Double
  /// Whether this is the best dev loss so far.
  public var isBest: Bool
}

/// How a training went back after a divergence.
public struct RollbackReport: Codable, Sendable, Hashable {
  /// What was wrong, at which step and rate.
  public var problem: String
  /// The epoch whose end the training is at again; 0 is the beginning.
  public var epoch: Int
  /// What all learning rates are multiplied by from now on.
  public var rateFactor: Double
  /// How often the training has gone back, this time included.
  public var number: Int
}
