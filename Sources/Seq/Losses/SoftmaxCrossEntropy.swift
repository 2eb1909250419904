/// The cross-entropy between target distributions q and the softmax of logits z, in nats:
/// ```
/// loss_i = -Σ_k q_ik log p_ik        p_i = softmax(z_i)        d loss_i / d z_i = p_i Σ_k q_ik - q_i
/// ```
/// A loss is a **sum** over rows with a count; who wants a mean divides once, at the end.
public enum SoftmaxCrossEntropy {
  /// The summed loss, and the gradient of the logits times `scale`.
  ///
  /// - Parameters:
  ///   - logits: z, `[N, K]`.
  ///   - targets: q, `[N, K]`, rows that sum to one (one-hot for known classes).
  ///   - scale: what every gradient is multiplied by, 1 / N for the mean over a batch.
  public static func lossAndGradient<S>(
    _ logits: Tensor<S>, targets: Tensor<S>, scale: S
  ) -> (loss: Double, dLogits: Tensor<S>) {
    var d = logits
    let log = d.mutablePointer
    let q = targets.pointer
    S.logSoftmax(log, rows: logits.rows, columns: logits.columns)
    var loss = 0.0
    for i in 0..<d.count {
      if q[i] != 0 { loss -= Double(q[i]) * Double(log[i]) }
      log[i] = (S.exp(log[i]) - q[i]) * scale
    }
    return (loss, d)
  }

  /// The losses of known classes, `[N]`, and the gradient of the logits times `scale`, which takes
  /// the place of the logits. A row with a negative class has neither.
  public static func lossesAndGradient<S: Scalar>(
    _ logits: inout Tensor<S>, classes: [Int32], scale: S
  ) -> [Double] {
    S.crossEntropy(
      logits.mutablePointer, targets: classes, columns: logits.columns, scale: scale)
  }

  /// One-hot rows for the given classes, `[N, K]`.
  public static func oneHot<S: Scalar>(_ classes: [Int32], count: Int) -> Tensor<S> {
    var q = Tensor<S>(zeros: [classes.count, count])
    for (i, k) in classes.enumerated() { q[i, Int(k)] = 1 }
    return q
  }
}

extension Scalar {
  /// Row by row: the loss -log p(target), and (p - onehot(target)) scale in place of the logits.
  public static func crossEntropy(
    _ logits: UnsafeMutablePointer<Self>, targets: [Int32], columns: Int, scale: Self
  ) -> [Double] {
    logSoftmax(logits, rows: targets.count, columns: columns)
    return targets.enumerated().map { i, target in
      let row = logits + i * columns
      guard target >= 0 else {
        row.update(repeating: 0, count: columns)
        return 0
      }
      let loss = -Double(row[Int(target)])
      for k in 0..<columns { row[k] = exp(row[k]) * scale }
      row[Int(target)] -= scale
      return loss
    }
  }
}
