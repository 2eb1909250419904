/// A function that is applied element by element.
public enum Activation: String, Codable, Sendable, Hashable, CaseIterable {
  /// max(x, 0)
  case relu
  case tanh

  /// y = f(x), in place of x.
  public func apply<S>(to x: inout Tensor<S>) {
    let (values, count) = (x.mutablePointer, x.count)
    switch self {
    // (x + |x|) / 2: exact, without a branch that nobody can foretell; NaN stays NaN.
    case .relu: for i in 0..<count { values[i] = (values[i] + values[i].magnitude) * 0.5 }
    case .tanh: S.applyTanh(values, count: count)
    }
  }

  /// dx = f'(x) dy, in place of dy, from the result y: 1 where y > 0 for ReLU (0 at 0), 1 - y^2 for tanh.
  public func backward<S>(_ dy: inout Tensor<S>, y: Tensor<S>) {
    precondition(dy.count == y.count, "a gradient of another size")
    let (d, result, count) = (dy.mutablePointer, y.pointer, dy.count)
    switch self {
    case .relu: for i in 0..<count { d[i] *= result[i] > 0 ? 1 : 0 }
    case .tanh: for i in 0..<count { d[i] *= 1 - result[i] * result[i] }
    }
  }
}
