/// The gated recurrent unit (Cho et al., 2014) in the form of cuDNN and PyTorch, where the reset
/// gate acts after the recurrent product, gates in PyTorch's order r z n:
/// ```
/// r = σ(x_r + r_r)    z = σ(x_z + r_z)    n = tanh(x_n + r r_n)
/// h_t = (1 - z) n + z h_{t-1}
/// ```
/// A step saves r, z, n and the recurrent part r_n: 4 H numbers a row.
public struct GRUCell: RecurrentCell {
  public init() {}

  public var name: String { "gru" }
  public var gateCount: Int { 3 }
  public var stateCount: Int { 1 }
  public var cacheCount: Int { 4 }
  public var separatesRecurrentGradient: Bool { true }

  public func step<S: Scalar>(_ step: CellStep<S>) { S.gruStep(step) }
  public func stepBackward<S: Scalar>(_ step: CellStepGradient<S>) { S.gruStepBackward(step) }
}

extension Scalar {
  public static func gruStep(_ s: CellStep<Self>) {
    let h = s.hidden
    for row in 0..<s.rows {
      let (x, r) = (s.x(row), s.r(row, gates: 3))
      let previousHidden = s.previousHidden + s.previous(row)
      for j in 0..<h {
        let reset = sigmoid(x[j] + r[j])
        let update = sigmoid(x[h + j] + r[h + j])
        let recurrent = r[2 * h + j]
        let candidate = tanh(x[2 * h + j] + reset * recurrent)
        let previous = previousHidden[j]
        s.hiddenState[row * h + j] = (1 - update) * candidate + update * previous
        if let cache = s.cache.map({ $0 + row * 4 * h }) {
          (cache[j], cache[h + j], cache[2 * h + j]) = (reset, update, candidate)
          cache[3 * h + j] = recurrent
        }
      }
    }
  }

  /// ```
  /// dn = dh (1 - z)    dz = dh (h_{t-1} - n)    dr = d(x_n) r_n    dh_{t-1} = dh z
  /// ```
  /// each times its derivative; of the recurrent part, the n block is d(x_n) r.
  public static func gruStepBackward(_ s: CellStepGradient<Self>) {
    let h = s.hidden
    for row in 0..<s.rows {
      let cache = s.cache + row * 4 * h
      let (dx, dr) = (s.dx + row * 3 * h, s.dr + row * 3 * h)
      for j in 0..<h {
        let (reset, update, candidate) = (cache[j], cache[h + j], cache[2 * h + j])
        let dh = s.dHidden[row * h + j]
        let dCandidate = dh * (1 - update) * (1 - candidate * candidate)
        let dReset = dCandidate * cache[3 * h + j] * reset * (1 - reset)
        let difference = s.previousHidden[row * h + j] - candidate
        let dUpdate = dh * difference * update * (1 - update)
        (dx[j], dx[h + j], dx[2 * h + j]) = (dReset, dUpdate, dCandidate)
        (dr[j], dr[h + j], dr[2 * h + j]) = (dReset, dUpdate, dCandidate * reset)
        s.dHidden[row * h + j] = dh * update
      }
    }
  }
}
