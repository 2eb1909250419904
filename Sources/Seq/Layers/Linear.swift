/// y = x W^T + b, with W `[outputs, inputs]` and b `[outputs]`, as in PyTorch.
public struct Linear: Sendable {
  public let inputs: Int
  public let outputs: Int
  public let weight: Parameter
  public let bias: Parameter?

  /// Adds `name.weight` and `name.bias` to `layout`.
  public init(
    _ name: String, inputs: Int, outputs: Int, hasBias: Bool = true,
    in layout: inout ParameterLayout
  ) {
    self.inputs = inputs
    self.outputs = outputs
    weight = layout.add("\(name).weight", [outputs, inputs])
    bias = hasBias ? layout.add("\(name).bias", [outputs], .bias) : nil
  }

  /// `[M, inputs]` to `[M, outputs]`; 2 M inputs outputs operations.
  public func forward<S>(_ x: Tensor<S>, _ weights: Weights<S>) -> Tensor<S> {
    var y = Tensor<S>(uninitialized: [x.rows, outputs])
    weights.product(
      x.pointer, lda: inputs, rows: x.rows, with: weight, bias: bias, into: y.mutablePointer,
      ldc: outputs)
    return y
  }

  /// dx = dy W; adds dW = dy^T x and db = the sum of the rows of dy.
  public func backward<S>(
    _ dy: Tensor<S>, x: Tensor<S>, _ weights: Weights<S>, into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    gradients.addOuterProduct(dy, x, to: weight)
    if let bias { gradients.addSumOfRows(dy, to: bias) }
    var dx = Tensor<S>(uninitialized: [x.rows, inputs])
    weights.product(
      dy.pointer, lda: outputs, rows: dy.rows, with: weight, transposed: true,
      into: dx.mutablePointer, ldc: inputs)
    return dx
  }
}
