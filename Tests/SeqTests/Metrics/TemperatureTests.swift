import Pipeline
import Seq
import Testing

@Suite struct TemperatureTests {
  /// Every record says a over b by a margin of m; a share q of them is right. The best τ makes
  /// σ(m / τ) = q, so τ = m / log(q / (1 - q)).
  @Test(arguments: [(3.0, 0.8), (1.0, 0.9), (2.0, 0.7)])
  func findsTheKnownOptimum(margin: Double, share: Double) {
    let count = 50
    let logA = -Double.log(1 + Double.exp(-margin))
    let chunk = PredictionChunk(
      labels: ["a", "b"],
      logProbabilities: (0..<count).flatMap { _ in [Float(logA), Float(logA - margin)] })
    let right = Int((share * Double(count)).rounded())
    let targets = (0..<count).map { Int32($0 < right ? 0 : 1) }
    let expected = margin / Double.log(share / (1 - share))
    #expect(abs(Temperature.fitted(chunk, targets: targets) - expected) < 1e-3)
  }

  @Test func staysWithinItsBounds() {
    let chunk = PredictionChunk(labels: ["a", "b"], logProbabilities: [-0.1, -2.35])
    #expect(abs(Temperature.fitted(chunk, targets: [0]) - 0.25) < 1e-3)
    #expect(abs(Temperature.fitted(chunk, targets: [1]) - 4) < 1e-3)
  }

  @Test func theBoundsCanBeOthers() {
    let chunk = PredictionChunk(labels: ["a", "b"], logProbabilities: [-0.1, -2.35])
    #expect(abs(Temperature.fitted(chunk, targets: [1], in: 0.01...100) / 100 - 1) < 1e-5)
    // A margin of 30 where a share of 0.6 is right: τ = 30 / log(0.6 / 0.4).
    let sure = PredictionChunk(
      labels: ["a", "b"], logProbabilities: (0..<5).flatMap { _ in [0, -30] as [Float] })
    let expected = 30 / Double.log(1.5)
    let found = Temperature.fitted(sure, targets: [0, 0, 0, 1, 1], in: 0.01...100)
    #expect(abs(found / expected - 1) < 1e-4)
  }
}
