/// What a training does when it diverges: when a loss, a gradient or a weight is not a finite number,
/// or when the mean loss of an epoch, at its end and from its 100th step on, has exploded. That of the
/// first epoch has where it is more than ten times the loss of the very first step, when nothing had
/// been learnt (for series, that of forecasting nothing); that of a later one where it is more than
/// three times both of these. (char-rnn, Karpathy, 2015, stops at a single step of three times the
/// first one's loss, which bad luck or a high rate that will fall can give too.)
public enum DivergencePolicy: String, Codable, Sendable, Hashable, CaseIterable {
  /// It ends; the last checkpoint is from before.
  case stop
  /// It goes back to where the last epoch ended (or to the beginning) and goes on at half the learning
  /// rate, at most 8 times.
  case rollback

  /// How often a training goes back before it gives up: its rate is then 1/256.
  static let maximumRollbacks = 8
  /// How many times the reference is a divergence, and from which step of an epoch on.
  static let explosion = 3.0
  static let firstEpochExplosion = 10.0
  static let firstCheckedStep = 100
}
