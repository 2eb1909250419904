import Glibc

/// McNemar's exact test: whether of the records that one of two classifiers alone has right, one
/// has more than chance gives (McNemar, 1947; Dietterich, 1998).
public struct McNemarTest: Sendable, Hashable {
  /// How many records only A, and only B, has right.
  public let onlyA: Int
  public let onlyB: Int

  /// - Precondition: neither is negative.
  public init(onlyA: Int, onlyB: Int) {
    (self.onlyA, self.onlyB) = (onlyA, onlyB)
  }

  /// The two-sided binomial probability, min(1, 2 Σ_{k ≤ m} C(n, k) 2^-n) with n = onlyA + onlyB
  /// and m the smaller of them. O(m).
  public var pValue: Double {
    let (n, m) = (onlyA + onlyB, min(onlyA, onlyB))
    // In logarithms, for 2^-n alone would be 0 from n = 1075 on.
    var term = -Double(n) * log(2)
    var sum = exp(term)
    for k in 0..<m {
      term += log(Double(n - k) / Double(k + 1))
      sum += exp(term)
    }
    return min(1, 2 * sum)
  }
}
