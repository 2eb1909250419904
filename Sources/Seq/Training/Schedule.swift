import Glibc

/// How the learning rate changes in the course of training, as a factor of the given rate.
public enum Schedule: String, Codable, Sendable, Hashable, CaseIterable {
  /// 1 throughout.
  case constant
  /// Times 0.1 after each third.
  case step
  /// Falls evenly in logarithm, to 0.01.
  case exponential
  /// (1 + cos π p) / 2, to 0 (Loshchilov and Hutter, 2017, without restarts).
  case cosine
  /// Falls in a straight line to 0.
  case linear
  /// Halved whenever the dev loss has not improved for an epoch.
  case plateau
  /// A straight rise over the first tenth, then the cosine (Smith and Topin, 2018, with one cycle).
  case oneCycle = "one-cycle"

  /// The factor at `progress` from 0 to 1 of all steps.
  ///
  /// - Parameters:
  ///   - warmUp: the share of all steps over which the rate first rises in a straight line.
  ///   - plateaus: how often the dev loss has failed to improve.
  public func factor(progress: Double, warmUp: Double, plateaus: Int = 0) -> Double {
    let warmUp = self == .oneCycle ? max(warmUp, 0.1) : warmUp
    if progress < warmUp { return progress / warmUp }
    let p = warmUp < 1 ? min(1, (progress - warmUp) / (1 - warmUp)) : 1
    switch self {
    case .constant: return 1
    case .step: return p < 1.0 / 3 ? 1 : p < 2.0 / 3 ? 0.1 : 0.01
    case .exponential: return Double.exp(p * Double.log(0.01))
    case .cosine, .oneCycle: return (1 + cos(.pi * p)) / 2
    case .linear: return 1 - p
    case .plateau: return Double.exp(Double(plateaus) * Double.log(0.5))
    }
  }
}
