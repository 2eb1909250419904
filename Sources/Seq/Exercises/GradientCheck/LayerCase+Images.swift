/// Layers of image networks. All sizes of a case differ from each other.
extension LayerCase {
  static var images: [LayerCase] {
    [
      convolution(Window2D(Size2D(3, 2)), hasBias: true),
      convolution(
        Window2D(Size2D(2, 4), stride: Size2D(3, 2), padding: Size2D(1, 3)), hasBias: true),
      convolution(Window2D(Size2D(4, 3), stride: Size2D(1, 2)), hasBias: false),
      maxPooling(Size2D(2, 3), stride: nil), maxPooling(Size2D(3, 2), stride: Size2D(1, 3)),
      averagePooling(Size2D(2, 3), stride: nil),
      averagePooling(Size2D(3, 2), stride: Size2D(1, 3)),
    ] + Activation.allCases.map { activation($0) }
      + [[7, 3], [2, 3, 4, 5]].flatMap { shape in
        [true, false].map { batchNorm(shape, inTraining: $0) }
      }
  }

  private static func convolution(_ window: Window2D, hasBias: Bool) -> LayerCase {
    var layout = ParameterLayout()
    let layer = Conv2D(
      "conv", inputChannels: 3, outputChannels: 4, window: window, hasBias: hasBias, in: &layout)
    let output = window.outputSize(for: Size2D(6, 7))
    let d: Tensor<Double> = Samples.weights([2, 4, output.height, output.width], phase: 20)
    return LayerCase(
      name: "convolution \(window.label)" + (hasBias ? "" : " without bias"), layout: layout,
      inputs: [("x", [2, 3, 6, 7])]
    ) { inputs, weights in
      Forward(loss: layer.forward(inputs[0], weights).dot(d)) { gradients in
        [layer.backward(d, x: inputs[0], weights, into: &gradients)]
      }
    }
  }

  private static func maxPooling(_ size: Size2D, stride: Size2D?) -> LayerCase {
    let layer = MaxPool2D(size, stride: stride)
    let output = layer.window.outputSize(for: Size2D(6, 7))
    let d: Tensor<Double> = Samples.weights([2, 3, output.height, output.width], phase: 21)
    return LayerCase(
      name: "max pooling \(layer.window.label)", layout: ParameterLayout(),
      inputs: [("x", [2, 3, 6, 7])]
    ) { inputs, _ in
      let (y, places) = layer.forward(inputs[0])
      return Forward(loss: y.dot(d)) { _ in
        [layer.backward(d, places: places, shape: inputs[0].shape)]
      }
    }
  }

  private static func averagePooling(_ size: Size2D, stride: Size2D?) -> LayerCase {
    let layer = AveragePool2D(size, stride: stride)
    let output = layer.window.outputSize(for: Size2D(6, 7))
    let d: Tensor<Double> = Samples.weights([2, 3, output.height, output.width], phase: 22)
    return LayerCase(
      name: "average pooling \(layer.window.label)", layout: ParameterLayout(),
      inputs: [("x", [2, 3, 6, 7])]
    ) { inputs, _ in
      Forward(loss: layer.forward(inputs[0]).dot(d)) { _ in
        [layer.backward(d, shape: inputs[0].shape)]
      }
    }
  }

  private static func activation(_ function: Activation) -> LayerCase {
    let d: Tensor<Double> = Samples.weights([4, 5], phase: 23)
    return LayerCase(
      name: "activation \(function.rawValue)", layout: ParameterLayout(), inputs: [("x", [4, 5])]
    ) { inputs, _ in
      var y = inputs[0]
      function.apply(to: &y)
      let result = y
      return Forward(loss: y.dot(d)) { _ in
        var dx = d
        function.backward(&dx, y: result)
        return [dx]
      }
    }
  }

  private static func batchNorm(_ shape: [Int], inTraining: Bool) -> LayerCase {
    var layout = ParameterLayout()
    let layer = BatchNorm("bn", channels: shape[1], in: &layout)
    let d: Tensor<Double> = Samples.weights(shape, phase: 24)
    let kind = inTraining ? "training" : "inference"
    return LayerCase(
      name: "batch normalisation of \(shape.count == 2 ? "rows" : "images"), \(kind)",
      layout: layout, inputs: [("x", shape)]
    ) { inputs, weights in
      let (y, cache) = layer.forward(inputs[0], weights, inTraining: inTraining)
      return Forward(loss: y.dot(d)) { gradients in
        [layer.backward(d, cache, weights, into: &gradients)]
      }
    }
  }
}

extension Window2D {
  fileprivate var label: String {
    func text(_ size: Size2D) -> String { "\(size.height)x\(size.width)" }
    return "\(text(size)) by \(text(stride))"
      + (padding == Size2D(0) ? "" : ", padding \(text(padding))")
  }
}
