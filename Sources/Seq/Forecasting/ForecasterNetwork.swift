import Pipeline

/// The network of a forecaster: from W rows to the next values of the first column, all at once,
/// ```
/// h_t = recurrent(x_t, h_{t-1})    ŷ = A h_W + b (+ the baseline, where it is relative)
/// ```
/// with x `[W, D]` standardised and A `[horizon, H]`. The loss is Σ (ŷ - y)².
package struct ForecasterNetwork: Sendable {
  package let options: ForecasterOptions
  package let layout: ParameterLayout
  let stack: RecurrentStack
  let head: Linear

  /// - Throws: where the options have no meaning.
  package init(_ options: ForecasterOptions) throws {
    try options.validate()
    self.options = options
    var layout = ParameterLayout()
    stack = RecurrentStack(
      cell: try Cells.named(options.cell), inputSize: options.inputs, hiddenSize: options.hidden,
      layerCount: options.layers, isBidirectional: false, in: &layout)
    head = Linear("head", inputs: options.hidden, outputs: options.horizon, in: &layout)
    self.layout = layout
  }

  /// Lays out the matrices that every step multiplies by.
  package func weights<S>(_ parameters: ParameterVector<S>, forTraining: Bool) -> Weights<S> {
    var weights = Weights(parameters)
    weights.pack(stack, forTraining: forTraining)
    weights.pack(head.weight)
    return weights
  }

  /// The next values of N windows, `[N, horizon]`, relative where the network is.
  ///
  /// - Parameter x: time-major, `[W N, D]`.
  package func forecast<S>(_ x: Tensor<S>, _ weights: Weights<S>) -> Tensor<S> {
    let run = stack.run(
      projected: [stack.layers[0][0].project(x, weights)], steps(of: x), weights,
      keepsCache: false)
    return head.forward(run.finalHidden, weights)
  }

  /// The summed squared error; adds the gradients of the error times `scale`.
  ///
  /// - Parameter targets: `[N, horizon]`.
  package func lossAndGradients<S>(
    _ x: Tensor<S>, targets: Tensor<S>, dropout: StackDropout, scale: S, _ weights: Weights<S>,
    using random: inout RandomGenerator, into gradients: inout Gradients<S>
  ) -> Double {
    let layout = steps(of: x)
    let masks: RecurrentStack.Masks<S> = stack.masks(dropout, layout, using: &random)
    let run = stack.run(
      projected: [stack.layers[0][0].project(x, weights)], layout, masks: masks, weights,
      keepsCache: true)
    var final = run.finalHidden
    let mask: Tensor<S>? = dropout.mask(final.shape, using: &random)
    if let mask { final.multiply(by: mask) }
    var d = head.forward(final, weights)
    var loss = 0.0
    let (error, y) = (d.mutablePointer, targets.pointer)
    for i in 0..<d.count {
      error[i] -= y[i]
      loss += Double(error[i]) * Double(error[i])
      error[i] *= 2 * scale
    }
    var dFinal = head.backward(d, x: final, weights, into: &gradients)
    if let mask { dFinal.multiply(by: mask) }
    let (dProjected, _) = stack.runBackward(
      Tensor(zeros: run.output.shape), final: stack.states(finalHidden: dFinal), run, layout,
      masks: masks, weights, into: &gradients)
    _ = stack.layers[0][0].projectBackward(dProjected[0], input: x, weights, into: &gradients)
    return loss
  }

  private func steps<S>(of x: Tensor<S>) -> SequenceLayout {
    SequenceLayout(steps: options.window, batch: x.rows / options.window)
  }
}
