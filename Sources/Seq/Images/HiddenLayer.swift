/// A linear layer, batch normalisation or none, and an activation.
package struct HiddenLayer: Sendable {
  package let linear: Linear
  package let norm: BatchNorm?
  package let activation: Activation

  /// Adds `fc<number>` and, where wanted, `bn<number + 2>` to `layout`.
  init(
    _ number: Int, _ options: LeNetOptions, _ inputs: Int, _ outputs: Int,
    in layout: inout ParameterLayout
  ) {
    linear = Linear("fc\(number)", inputs: inputs, outputs: outputs, in: &layout)
    // The first two norms are those of the convolutions.
    norm =
      options.batchNorm ? BatchNorm("bn\(number + 2)", channels: outputs, in: &layout) : nil
    activation = options.activation
  }

  /// What the backward pass needs.
  struct Run<S: Scalar> {
    /// Behind the activation.
    var y: Tensor<S>
    var norm: BatchNorm.Cache<S>?
  }

  func forward<S>(_ x: Tensor<S>, _ weights: Weights<S>, inTraining: Bool) -> Run<S> {
    var y = linear.forward(x, weights)
    var cache: BatchNorm.Cache<S>?
    if let norm { (y, cache) = norm.forward(y, weights, inTraining: inTraining) }
    activation.apply(to: &y)
    return Run(y: y, norm: cache)
  }

  func backward<S>(
    _ dy: Tensor<S>, x: Tensor<S>, _ run: Run<S>, _ weights: Weights<S>, share: Double,
    into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    var d = dy
    activation.backward(&d, y: run.y)
    if let norm, let cache = run.norm {
      d = norm.backward(d, cache, weights, share: share, into: &gradients)
    }
    return linear.backward(d, x: x, weights, into: &gradients)
  }
}
