/// How much a figure of model B differs from that of model A, and how sure that is.
public struct PairedDifference: Sendable, Hashable {
  public let name: String
  /// The figure on all records.
  public let a: Double
  public let b: Double
  /// The limits of the 95 % confidence interval of b - a.
  public let low: Double
  public let high: Double
  /// The two-sided probability of such a difference where there is none.
  public let pValue: Double
  /// The share of the resamples in which B is better.
  public let shareBetter: Double

  /// b - a.
  public var difference: Double { b - a }

  /// - Parameter resampled: b - a on each resample, at least one.
  init(
    _ figure: (name: String, isBetterWhenHigher: Bool), a: Double, b: Double, resampled: [Double]
  ) {
    (name, self.a, self.b) = (figure.name, a, b)
    let sorted = resampled.sorted()
    low = Self.quantile(0.025, of: sorted)
    high = Self.quantile(0.975, of: sorted)
    let (falls, rises) = (sorted.count { $0 <= 0 }, sorted.count { $0 >= 0 })
    pValue = min(1, 2 * Double(min(falls, rises) + 1) / Double(sorted.count + 1))
    let better = sorted.count { figure.isBetterWhenHigher ? $0 > 0 : $0 < 0 }
    shareBetter = Double(better) / Double(sorted.count)
  }

  /// The q-quantile, between neighbours in a straight line (Hyndman and Fan, 1996, definition 7).
  private static func quantile(_ q: Double, of sorted: [Double]) -> Double {
    let place = q * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
