import Seq
import Testing

@Suite struct DropoutTests {
  /// The mean is 1 within five standard errors, √(p / (1 - p) / n).
  @Test(arguments: [0.1, 0.5, 0.9])
  func keepsTheMean(probability: Double) {
    var random = RandomGenerator(seed: 12)
    let count = 100_003
    let mask: Tensor<Double> = Dropout(probability).mask([count], using: &random)
    let mean = mask.values.reduce(0, +) / Double(count)
    let error = (probability / (1 - probability) / Double(count)).squareRoot()
    #expect(abs(mean - 1) < 5 * error)
    let kinds = Set(mask.values)
    #expect(kinds.count == 2 && kinds.contains(0))
    #expect(abs((kinds.max() ?? 0) - 1 / (1 - probability)) < 1e-3)
  }

  @Test func zeroDropsNothing() {
    var random = RandomGenerator(seed: 13)
    let mask: Tensor<Float> = Dropout(0).mask([1000], using: &random)
    #expect(mask.values.allSatisfy { $0 == 1 })
  }
}
