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

  /// One-hot rows for the given classes, `[N, K]`.
  public static func oneHot<S: Scalar>(_ classes: [Int32], count: Int) -> Tensor<S> {
    var q = Tensor<S>(zeros: [classes.count, count])
    for (i, k) in classes.enumerated() { q[i, Int(k)] = 1 }
    return q
  }
}
