public import Pipeline

/// What several teachers say together: the geometric mean of their probabilities, with weights,
/// normalised again.
public enum Teachers {
  /// - Precondition: all predictions are of the same records and classes.
  public static func mean(
    _ predictions: [PredictionChunk], weights: [Double]
  ) -> Tensor<Float> {
    let (classCount, count) = (predictions[0].labels.count, predictions[0].count)
    let sum = weights.reduce(0, +)
    var mean = Tensor<Float>(zeros: [count, classCount])
    let z = mean.mutablePointer
    for (prediction, weight) in zip(predictions, weights) {
      for (i, value) in prediction.logProbabilities.enumerated() {
        z[i] += Float(weight / sum) * max(value, -20)
      }
    }
    Float.logSoftmax(z, rows: count, columns: classCount)
    for i in 0..<mean.count { z[i] = Float.exp(z[i]) }
    return mean
  }
}
