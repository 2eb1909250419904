/// A convolution, batch normalisation or none, an activation, and pooling of 2 by 2 numbers.
package struct ConvolutionBlock: Sendable {
  package let convolution: Conv2D
  package let norm: BatchNorm?
  package let activation: Activation
  package let pooling: MapPooling

  /// Adds `conv<number>` and, where wanted, `bn<number>` to `layout`.
  init(
    _ number: Int, _ options: LeNetOptions, _ inputs: Int, _ outputs: Int, _ window: Window2D,
    in layout: inout ParameterLayout
  ) {
    convolution = Conv2D(
      "conv\(number)", inputChannels: inputs, outputChannels: outputs, window: window, in: &layout)
    norm =
      options.batchNorm ? BatchNorm("bn\(number)", channels: outputs, in: &layout) : nil
    activation = options.activation
    pooling = options.pooling
  }

  private static let pooled = Size2D(2)

  func outputSize(for input: Size2D) -> Size2D {
    Window2D(Self.pooled, stride: Self.pooled)
      .outputSize(for: convolution.window.outputSize(for: input))
  }

  /// What the backward pass needs.
  struct Run<S: Scalar> {
    /// Behind the activation.
    var y: Tensor<S>
    var norm: BatchNorm.Cache<S>?
    /// Of max pooling: where each number came from.
    var places: [Int32] = []
    /// Behind the pooling.
    var output: Tensor<S>
  }

  func forward<S>(_ x: Tensor<S>, _ weights: Weights<S>, inTraining: Bool) -> Run<S> {
    var y = convolution.forward(x, weights)
    var cache: BatchNorm.Cache<S>?
    if let norm { (y, cache) = norm.forward(y, weights, inTraining: inTraining) }
    activation.apply(to: &y)
    switch pooling {
    case .max:
      let (output, places) = MaxPool2D(Self.pooled).forward(y)
      return Run(y: y, norm: cache, places: places, output: output)
    case .average:
      return Run(y: y, norm: cache, output: AveragePool2D(Self.pooled).forward(y))
    }
  }

  /// The gradient of what the convolution gave; the convolution's own step back is the caller's, who
  /// knows whether the gradient of x is needed.
  func backward<S>(
    _ dOutput: Tensor<S>, _ run: Run<S>, _ weights: Weights<S>, share: Double,
    into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    var d: Tensor<S>
    switch pooling {
    case .max:
      d = MaxPool2D(Self.pooled).backward(dOutput, places: run.places, shape: run.y.shape)
    case .average: d = AveragePool2D(Self.pooled).backward(dOutput, shape: run.y.shape)
    }
    activation.backward(&d, y: run.y)
    guard let norm, let cache = run.norm else { return d }
    return norm.backward(d, cache, weights, share: share, into: &gradients)
  }
}
