/// How a search spends its epochs (Jamieson and Talwalkar, 2016): all trials are trained a little,
/// the best share 1/η of them η times as long, and so on, until few are trained to the end.
///
/// One bracket of Hyperband (Li et al., 2018, section 3.1): with n trials and R rungs, rung k has
/// ⌊n / η^k⌋ trials, each of which has been trained for E η^(k - R + 1) of its E epochs, so every rung
/// costs about as much as every other.
public struct SuccessiveHalving: Sendable, Hashable {
  /// n.
  public let trials: Int
  /// R.
  public let rungs: Int
  /// η.
  public let factor: Int

  /// - Throws: `SeqError.invalidOption` where a number is out of range, or where there are so few
  ///   trials that the last rung would have none.
  public init(trials: Int, rungs: Int, factor: Int) throws {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>, _ reason: String) throws {
      guard range.contains(value) else {
        throw SeqError.invalidOption(name: name, value: "\(value)", reason: reason)
      }
    }
    try check("trials", trials, 1...1_000_000, "must be from 1 to 1000000")
    try check("factor", factor, 2...1000, "must be from 2 to 1000")
    var longest = 1
    var rest = trials
    while rest >= factor {
      rest /= factor
      longest += 1
    }
    try check(
      "rungs", rungs, 1...longest,
      "must be from 1 to \(longest), so that \(trials) trials are enough for a last rung")
    (self.trials, self.rungs, self.factor) = (trials, rungs, factor)
  }

  /// How many trials rung `rung` (from 0) has.
  public func count(ofRung rung: Int) -> Int {
    (0..<rung).reduce(trials) { count, _ in count / factor }
  }

  /// How many of its `total` epochs a trial of rung `rung` has been trained for: at least 1.
  public func epochs(ofRung rung: Int, total: Int) -> Int {
    var share = 1.0
    for _ in rung..<rungs - 1 { share /= Double(factor) }
    return max(1, min(total, Int((Double(total) * share).rounded())))
  }

  /// The trials that go on to the rung after `rung`, by rising number.
  ///
  /// - Parameter losses: the dev loss of each trial of the rung; `nil` for one that failed. Of equal
  ///   losses the lower number wins.
  public func promoted(from losses: [(trial: Int, loss: Double?)], after rung: Int) -> [Int] {
    Self.ranked(losses).prefix(count(ofRung: rung + 1)).filter { $0.loss != nil }.map(\.trial)
      .sorted()
  }

  /// The trials from the best to the worst.
  public static func ranked(
    _ losses: [(trial: Int, loss: Double?)]
  ) -> [(trial: Int, loss: Double?)] {
    losses.sorted {
      let (a, b) = ($0.loss ?? .infinity, $1.loss ?? .infinity)
      return a == b ? $0.trial < $1.trial : a < b
    }
  }
}
