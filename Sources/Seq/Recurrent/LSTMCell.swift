/// Long short-term memory with a forget gate (Hochreiter and Schmidhuber, 1997; Gers, Schmidhuber
/// and Cummins, 2000), gates in PyTorch's order i f g o:
/// ```
/// i = σ(x_i + r_i)    f = σ(x_f + r_f)    g = tanh(x_g + r_g)    o = σ(x_o + r_o)
/// c_t = f c_{t-1} + i g                   h_t = o tanh(c_t)
/// ```
/// A step saves i, f, g, o and then tanh(c_t), each `[n, H]` within a row: 5 H numbers.
public struct LSTMCell: RecurrentCell {
  public init() {}

  public var name: String { "lstm" }
  public var gateCount: Int { 4 }
  public var stateCount: Int { 2 }
  public var cacheCount: Int { 5 }
  public var separatesRecurrentGradient: Bool { false }

  public func step<S: Scalar>(_ step: CellStep<S>) { S.lstmStep(step) }
  public func stepBackward<S: Scalar>(_ step: CellStepGradient<S>) { S.lstmStepBackward(step) }
}

extension Scalar {
  public static func lstmStep(_ s: CellStep<Self>) {
    guard let c = s.cellState, let previousCell = s.previousCell else { return }
    let h = s.hidden
    let tanhC = s.cache.map { $0 + s.rows * 4 * h }
    for row in 0..<s.rows {
      let (x, r) = (s.x(row), s.r(row, gates: 4))
      let previous = previousCell + s.previous(row)
      for j in 0..<h {
        let i = sigmoid(x[j] + r[j])
        let f = sigmoid(x[h + j] + r[h + j])
        let g = tanh(x[2 * h + j] + r[2 * h + j])
        let o = sigmoid(x[3 * h + j] + r[3 * h + j])
        let next = f * previous[j] + i * g
        let squashed = tanh(next)
        c[row * h + j] = next
        s.hiddenState[row * h + j] = o * squashed
        if let gates = s.cache.map({ $0 + row * 4 * h }), let tanhC {
          (gates[j], gates[h + j], gates[2 * h + j], gates[3 * h + j]) = (i, f, g, o)
          tanhC[row * h + j] = squashed
        }
      }
    }
  }

  /// ```
  /// do = dh tanh(c_t)               dc += dh o (1 - tanh(c_t)^2)
  /// di = dc g    df = dc c_{t-1}    dg = dc i    dc_{t-1} = dc f
  /// ```
  /// and each gate's gradient times its derivative: σ' = σ (1 - σ), tanh' = 1 - tanh^2.
  public static func lstmStepBackward(_ s: CellStepGradient<Self>) {
    guard let dCell = s.dCell, let previousCell = s.previousCell else { return }
    let h = s.hidden
    let tanhC = s.cache + s.rows * 4 * h
    for row in 0..<s.rows {
      let gates = s.cache + row * 4 * h
      let dx = s.dx + row * 4 * h
      for j in 0..<h {
        let (i, f, g, o) = (gates[j], gates[h + j], gates[2 * h + j], gates[3 * h + j])
        let squashed = tanhC[row * h + j]
        let dh = s.dHidden[row * h + j]
        let dc = dCell[row * h + j] + dh * o * (1 - squashed * squashed)
        dx[j] = dc * g * i * (1 - i)
        dx[h + j] = dc * previousCell[row * h + j] * f * (1 - f)
        dx[2 * h + j] = dc * i * (1 - g * g)
        dx[3 * h + j] = dh * squashed * o * (1 - o)
        dCell[row * h + j] = dc * f
        s.dHidden[row * h + j] = 0
      }
    }
  }
}
