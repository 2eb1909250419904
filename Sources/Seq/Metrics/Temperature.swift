package import Pipeline

/// The temperature τ of probabilities: p_k proportional to e^(z_k / τ).
package enum Temperature {
  /// The τ in `range` with the smallest mean cross-entropy, by golden-section search over log τ
  /// (the loss is convex in 1/τ), to a relative error of 5e-6. O(N K log(1 / error)).
  package static func fitted(
    _ predictions: PredictionChunk, targets: [Int32], in range: ClosedRange<Double> = 0.25...4
  ) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (Double.log(range.lowerBound), Double.log(range.upperBound))
    var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
    var (lossA, lossB) = (loss(predictions, targets, a), loss(predictions, targets, b))
    while high - low > 5e-6 {
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
