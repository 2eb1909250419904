/// The simple recurrent network (Elman, 1990), with tanh or, rectified, ReLU:
/// ```
/// h_t = tanh(x + r)     or     h_t = max(0, x + r)
/// ```
/// The rectified one, begun at the identity, is the IRNN of Le, Jaitly and Hinton (2015).
public struct RNNCell: RecurrentCell {
  public let rectified: Bool

  public init(rectified: Bool = false) { self.rectified = rectified }

  public var name: String { rectified ? "rnn-relu" : "rnn" }
  public var gateCount: Int { 1 }
  public var stateCount: Int { 1 }
  public var cacheCount: Int { 0 }
  public var separatesRecurrentGradient: Bool { false }

  public func step<S: Scalar>(_ step: CellStep<S>) { S.rnnStep(step, rectified: rectified) }

  public func stepBackward<S: Scalar>(_ step: CellStepGradient<S>) {
    S.rnnStepBackward(step, rectified: rectified)
  }
}

extension Scalar {
  public static func rnnStep(_ s: CellStep<Self>, rectified: Bool) {
    for row in 0..<s.rows {
      let (x, r) = (s.x(row), s.r(row, gates: 1))
      for j in 0..<s.hidden {
        let sum = x[j] + r[j]
        s.hiddenState[row * s.hidden + j] = rectified ? max(0, sum) : tanh(sum)
      }
    }
  }

  /// d(x + r) = dh (1 - h^2) for tanh, and dh where h > 0 for ReLU.
  public static func rnnStepBackward(_ s: CellStepGradient<Self>, rectified: Bool) {
    for i in 0..<s.rows * s.hidden {
      let h = s.nextHidden[i]
      s.dx[i] = s.dHidden[i] * (rectified ? (h > 0 ? 1 : 0) : 1 - h * h)
      s.dHidden[i] = 0
    }
  }
}
