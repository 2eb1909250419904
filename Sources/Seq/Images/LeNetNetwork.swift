/// The network of `LeNet`:
/// ```
/// x_1 = pool(f(norm(conv1(x))))        5 by 5 windows on maps padded by 2, C to C_1 maps
/// x_2 = pool(f(norm(conv2(x_1))))      5 by 5 windows, C_1 to C_2 maps
/// x_3 = f(norm(fc1(x_2)))    x_4 = f(norm(fc2(x_3)))    logits = fc3(x_4)
/// ```
/// with f the activation, norm batch normalisation or nothing, and pool the largest or the mean of each
/// 2 by 2 numbers. In training dropout thins what fc1, fc2 and fc3 read.
package struct LeNetNetwork: Sendable {
  package let options: LeNetOptions
  package let classCount: Int
  package let layout: ParameterLayout
  package let blocks: [ConvolutionBlock]
  package let hidden: [HiddenLayer]
  package let head: Linear

  /// - Throws: where the options have no meaning.
  package init(_ options: LeNetOptions, classCount: Int) throws {
    try options.validate()
    self.options = options
    self.classCount = classCount
    var layout = ParameterLayout()
    let padded = Window2D(Size2D(5), padding: Size2D(2))
    let first = ConvolutionBlock(
      1, options, options.channels, options.firstMaps, padded, in: &layout)
    let second = ConvolutionBlock(
      2, options, options.firstMaps, options.secondMaps, Window2D(Size2D(5)), in: &layout)
    blocks = [first, second]
    let size = second.outputSize(for: first.outputSize(for: Size2D(options.height, options.width)))
    hidden = [
      HiddenLayer(
        1, options, options.secondMaps * size.count, options.firstHidden, in: &layout),
      HiddenLayer(2, options, options.firstHidden, options.secondHidden, in: &layout),
    ]
    head = Linear("fc3", inputs: options.secondHidden, outputs: classCount, in: &layout)
    self.layout = layout
  }

  /// Lays out the matrices that every image is multiplied by, so that an image's result does not
  /// depend on those beside it.
  package func weights<S>(_ parameters: ParameterVector<S>, forTraining: Bool) -> Weights<S> {
    var weights = Weights(parameters)
    for layer in hidden.map(\.linear) + [head] {
      weights.pack(layer.weight)
      if forTraining { weights.pack(layer.weight, transposed: true) }
    }
    return weights
  }

  /// The logits of images `[N, C, H, W]`, `[N, K]`.
  package func logits<S>(_ x: Tensor<S>, _ weights: Weights<S>) -> Tensor<S> {
    var x = x
    for block in blocks { x = block.forward(x, weights, inTraining: false).output }
    x = x.reshaped([x.rows, x.columns])
    for layer in hidden { x = layer.forward(x, weights, inTraining: false).y }
    return head.forward(x, weights)
  }

  /// The summed loss of a shard in nats; adds the gradients of the loss times `scale`.
  ///
  /// - Parameters:
  ///   - classes: one for each image.
  ///   - share: of the batch's images, those of this shard.
  package func lossAndGradients<S>(
    _ x: Tensor<S>, classes: [Int32], dropout: Dropout, scale: S, share: Double,
    _ weights: Weights<S>, using random: inout RandomGenerator,
    into gradients: inout Gradients<S>
  ) -> Double {
    let first = blocks[0].forward(x, weights, inTraining: true)
    let second = blocks[1].forward(first.output, weights, inTraining: true)
    var inputs = [second.output.reshaped([x.rows, second.output.columns])]
    var masks: [Tensor<S>?] = []
    var runs: [HiddenLayer.Run<S>] = []
    for layer in hidden {
      masks.append(dropout.apply(to: &inputs[runs.count], using: &random))
      runs.append(layer.forward(inputs[runs.count], weights, inTraining: true))
      inputs.append(runs[runs.count - 1].y)
    }
    masks.append(dropout.apply(to: &inputs[runs.count], using: &random))
    var d = head.forward(inputs[runs.count], weights)
    let losses = SoftmaxCrossEntropy.lossesAndGradient(&d, classes: classes, scale: scale)

    d = head.backward(d, x: inputs[runs.count], weights, into: &gradients)
    for l in hidden.indices.reversed() {
      if let mask = masks[l + 1] { d.multiply(by: mask) }
      d = hidden[l].backward(
        d, x: inputs[l], runs[l], weights, share: share, into: &gradients)
    }
    if let mask = masks[0] { d.multiply(by: mask) }
    d = blocks[1].backward(
      d.reshaped(second.output.shape), second, weights, share: share, into: &gradients)
    d = blocks[1].convolution.backward(d, x: first.output, weights, into: &gradients)
    d = blocks[0].backward(d, first, weights, share: share, into: &gradients)
    blocks[0].convolution.addGradients(d, x: x, into: &gradients)
    return losses.reduce(0, +)
  }
}

extension LeNetNetwork {
  /// The weights that training begins with, as in PyTorch: U(-1/√n, 1/√n) for weights and biases of a
  /// unit that reads n numbers.
  func initialParameters(seed: UInt64) -> ParameterVector<Float> {
    var initial = InitialWeights(layout, seed: seed)
    for block in blocks {
      let fanIn = block.convolution.inputChannels * block.convolution.window.size.count
      for parameter in [block.convolution.weight, block.convolution.bias].compactMap({ $0 }) {
        initial.fill(parameter, .uniform, fanIn: fanIn)
      }
      if let norm = block.norm { initial.fill(norm) }
    }
    for layer in hidden {
      initial.fill(layer.linear)
      if let norm = layer.norm { initial.fill(norm) }
    }
    initial.fill(head)
    return initial.parameters
  }
}

extension Dropout {
  /// Multiplies by a fresh mask and returns it; `nil` where nothing is dropped.
  fileprivate func apply<S>(
    to x: inout Tensor<S>, using random: inout RandomGenerator
  ) -> Tensor<S>? {
    guard probability > 0 else { return nil }
    let mask: Tensor<S> = mask(x.shape, using: &random)
    x.multiply(by: mask)
    return mask
  }
}
