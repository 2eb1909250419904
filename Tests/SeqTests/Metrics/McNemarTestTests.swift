import Seq
import Testing

@Suite struct McNemarTestTests {
  /// Against `scipy.stats.binomtest` (`Goldens/make_comparison.py`), to 79,000 disagreements.
  @Test func equalsSciPy() throws {
    let golden = try GoldenFile("comparison").group("mcnemar")
    let pairs = try golden.integers("pairs").map { Int($0) }
    let expected = try golden.values("p")
    #expect(expected.count == 6)
    for (i, p) in expected.enumerated() {
      let (a, b) = (pairs[2 * i], pairs[2 * i + 1])
      #expect(abs(McNemarTest(onlyA: a, onlyB: b).pValue / p - 1) < 1e-9, "\(a), \(b)")
      #expect(McNemarTest(onlyA: b, onlyB: a).pValue == McNemarTest(onlyA: a, onlyB: b).pValue)
    }
  }
}
