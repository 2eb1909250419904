package import Pipeline

/// The temperature τ of probabilities: p_k proportional to e^(z_k / τ).
package enum Temperature {
  /// The τ in [0.25, 4] with the smallest mean cross-entropy, by golden-section search over log τ
  /// (the loss is convex in 1/τ). O(60 N K).
  package static func fitted(_ predictions: PredictionChunk, targets: [Int32]) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (Double.log(0.25), Double.log(4))
    var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
    var (lossA, lossB) = (loss(predictions, targets, a), loss(predictions, targets, b))
    for _ in 0..<28 {
      if lossA < lossB {
        (high, b, lossB) = (b, a, lossA)
        a = high - ratio * (high - low)
        lossA = loss(predictions, targets, a)
      } else {
        (low, a, lossA) = (a, b, lossB)
        b = low + ratio * (high - low)
        lossB = loss(predictions, targets, b)
      }
    }
    return Double.exp((low + high) / 2)
  }

  private static func loss(
    _ predictions: PredictionChunk, _ targets: [Int32], _ logTemperature: Double
  ) -> Double {
    let inverse = Double.exp(-logTemperature)
    var sum = 0.0
    for (i, target) in targets.enumerated() {
      let row = predictions.row(i)
      let normalizer = Double.log(row.reduce(0) { $0 + Double.exp(Double($1) * inverse) })
      sum += normalizer - Double(row[row.startIndex + Int(target)]) * inverse
    }
    return sum
  }
}
