/// Layer normalisation (Ba, Kiros and Hinton, 2016, section 3), row by row of `[M, C]`:
/// ```
/// μ = (1/C) Σ_j x_j    σ² = (1/C) Σ_j (x_j - μ)²    x̂ = (x - μ) / √(σ² + ε)    y = γ ∘ x̂ + β
/// ```
/// with γ and β `[C]`, ε = 1e-5, as in PyTorch. A row does not depend on the others, so training and
/// inference compute the same.
public struct LayerNorm: Sendable {
  /// C.
  public let size: Int
  public let gain: Parameter
  public let bias: Parameter
  static let epsilon = 1e-5

  /// Adds `name.weight` (γ, which should begin at 1) and `name.bias` (β) to `layout`.
  public init(_ name: String, size: Int, in layout: inout ParameterLayout) {
    self.size = size
    gain = layout.add("\(name).weight", [size], .bias)
    bias = layout.add("\(name).bias", [size], .bias)
  }

  /// What the backward pass needs.
  public struct Cache<S: Scalar>: Sendable {
    /// x̂, `[M, C]`.
    var normalized: Tensor<S>
    /// 1 / √(σ² + ε) of each row.
    var scales: [S]
  }

  /// `[M, C]` to `[M, C]`; about 8 M C operations.
  public func forward<S>(_ x: Tensor<S>, _ weights: Weights<S>) -> (y: Tensor<S>, cache: Cache<S>) {
    var y = Tensor<S>(uninitialized: x.shape)
    var normalized = Tensor<S>(uninitialized: x.shape)
    var scales = [S](repeating: 0, count: x.rows)
    let (gain, bias) = (weights.pointer(gain), weights.pointer(bias))
    let (output, hat) = (y.mutablePointer, normalized.mutablePointer)
    for m in 0..<x.rows {
      let (row, place) = (x.row(m), m * size)
      var sum: S = 0
      for j in 0..<size { sum += row[j] }
      let mean = sum / S(size)
      var squares: S = 0
      for j in 0..<size { squares += (row[j] - mean) * (row[j] - mean) }
      let scale = 1 / (squares / S(size) + S(Self.epsilon)).squareRoot()
      for j in 0..<size {
        hat[place + j] = (row[j] - mean) * scale
        output[place + j] = gain[j] * hat[place + j] + bias[j]
      }
      scales[m] = scale
    }
    return (y, Cache(normalized: normalized, scales: scales))
  }

  /// With g = γ ∘ dy: dx = (g - mean(g) - x̂ mean(g ∘ x̂)) / √(σ² + ε); adds dγ = Σ_m dy ∘ x̂ and
  /// dβ = Σ_m dy.
  public func backward<S>(
    _ dy: Tensor<S>, _ cache: Cache<S>, _ weights: Weights<S>, into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    var dx = Tensor<S>(uninitialized: dy.shape)
    let (dGain, gainValues) = (gradients.pointer(gain), weights.pointer(gain))
    let target = dx.mutablePointer
    for m in 0..<dy.rows {
      let (d, hat, out) = (dy.row(m), cache.normalized.row(m), target + m * size)
      var (sum, product): (S, S) = (0, 0)
      for j in 0..<size {
        let g = gainValues[j] * d[j]
        out[j] = g
        sum += g
        product += g * hat[j]
        dGain[j] += d[j] * hat[j]
      }
      let (mean, slope) = (sum / S(size), product / S(size))
      for j in 0..<size { out[j] = (out[j] - mean - hat[j] * slope) * cache.scales[m] }
    }
    gradients.addSumOfRows(dy, to: bias)
    return dx
  }
}
