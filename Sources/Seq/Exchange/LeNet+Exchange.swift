public import Pipeline

extension LeNet: ExchangeableNetwork {
  /// The classifier as an ONNX file, operator set 17: pixels in, log-probabilities out.
  ///
  /// Input: `images` float `[N, C, H, W]`, from 0 (black) to 255; the graph scales them. Outputs:
  /// `logits` and `log_probabilities`, float `[N, K]`. N is free.
  ///
  /// - Throws: `SeqError.notExchangeable` where the file is too large.
  public func onnx(metadata: [String: String] = [:]) throws -> [UInt8] {
    try onnxGraph().bytes(metadata: metadata)
  }

  package func onnxGraph() -> ONNXGraph {
    var graph = ONNXGraph(name: "lenet")
    let sizes = [options.channels, options.height, options.width]
    let images = graph.addInput(
      "images", .float, [.named("batch")] + sizes.map(ONNXGraph.Dimension.fixed))
    let (factor, shift) = options.scaling(Float.self)
    let scaled = graph.add("Mul", images, graph.scalar(factor))
    var x = graph.add("Add", scaled, graph.scalar(shift))
    for block in network.blocks { x = graph.append(block, parameters, x) }
    x = graph.add("Flatten", x, attributes: [("axis", .integer(1))])
    for layer in network.hidden {
      x = graph.append(layer.linear, parameters, x)
      x = graph.append(layer.norm, layer.activation, parameters, x)
    }
    _ = graph.append(network.head, parameters, x, as: "logits")
    graph.append(
      "LogSoftmax", ["logits"], outputs: ["log_probabilities"], [("axis", .integer(1))])
    for name in ["logits", "log_probabilities"] {
      graph.addOutput(name, .float, [.named("batch"), .fixed(labels.count)])
    }
    return graph
  }

  /// The weights under PyTorch's names: `conv1`, `bn1`, ..., `fc3`.
  public func stateDictionary() -> SafetensorsFile { parameters.stateDictionary() }

  /// - Parameter names: none; the layers are those of `stateDictionary()`.
  public func replacingWeights(
    by dictionary: StateDictionary, names: StateNames.Given = StateNames.Given()
  ) throws -> LeNet {
    try dictionary.checkNoNames(names)
    return LeNet(
      labels: labels, network: network,
      parameters: try dictionary.parameters(network.layout, names: StateNames()))
  }

  /// - Parameter arrays: `images` `[N, C, H, W]`, whole numbers from 0 to 255 (of any type), and `logits`
  ///   or `log_probabilities` `[N, K]`, or both.
  public func largestDifference(from arrays: [String: NPYArray], file: String) throws -> Double {
    let reader = ArrayReader(arrays: arrays, file: file)
    let images = try reader.images(like: input)
    let logits = self.logits(images)
    let names = ["logits", "log_probabilities"].filter { arrays[$0] != nil }
    guard !names.isEmpty else {
      throw reader.fault("there is nothing to compare with (add logits or log_probabilities)")
    }
    let differences = try names.map { name in
      let (expected, shape) = try reader.floats(name, rank: 2)
      guard shape == logits.shape else {
        throw reader.fault("\(name) has the shape \(shape), but \(logits.shape) is needed")
      }
      var found = logits
      if name != "logits" {
        Float.logSoftmax(found.mutablePointer, rows: found.rows, columns: found.columns)
      }
      return ArrayReader.largestDifference(expected, found.values)
    }
    return ArrayReader.largest(differences)
  }

  /// The logits of images of the right size, `[N, K]`.
  package func logits(_ images: ImageChunk) -> Tensor<Float> {
    Tensor(
      [images.count, labels.count], LeNetRunner(self).logits(images, 0..<images.count))
  }
}

extension ONNXGraph {
  fileprivate mutating func append(
    _ block: ConvolutionBlock, _ weights: ParameterVector<Float>, _ x: String
  ) -> String {
    let (convolution, padding) = (block.convolution, block.convolution.window.padding)
    var inputs = [x, addConstant(convolution.weight, weights)]
    if let bias = convolution.bias { inputs.append(addConstant(bias, weights)) }
    let output = "Conv_\(nodes.count)"
    let pads = [padding.height, padding.width, padding.height, padding.width]
    append("Conv", inputs, outputs: [output], [("pads", .integers(pads))])
    return add(
      block.pooling == .max ? "MaxPool" : "AveragePool",
      append(block.norm, block.activation, weights, output),
      attributes: [("kernel_shape", .integers([2, 2])), ("strides", .integers([2, 2]))])
  }

  fileprivate mutating func append(
    _ norm: BatchNorm?, _ activation: Activation, _ weights: ParameterVector<Float>, _ x: String
  ) -> String {
    var y = x
    if let norm {
      y = add(
        "BatchNormalization", x, addConstant(norm.weight, weights),
        addConstant(norm.bias, weights), addConstant(norm.runningMean, weights),
        addConstant(norm.runningVariance, weights),
        attributes: [("epsilon", .float(Float(BatchNorm.epsilon)))])
    }
    switch activation {
    case .relu: return add("Relu", y)
    case .tanh: return add("Tanh", y)
    }
  }
}

extension ArrayReader {
  /// Images of the size of a chunk.
  fileprivate func images(like chunk: ImageChunk) throws -> ImageChunk {
    let sizes = [chunk.channels, chunk.height, chunk.width]
    guard let array = arrays["images"] else { throw missing("images") }
    guard array.shape.count == 4, array.count > 0, Array(array.shape.dropFirst()) == sizes else {
      throw fault("images has the shape \(array.shape), but [images] + \(sizes) is needed")
    }
    let pixels =
      array.integers?.compactMap { UInt8(exactly: $0) }
      ?? array.doubles?.compactMap { UInt8(exactly: $0) } ?? []
    guard pixels.count == array.count else {
      throw fault("images must be whole numbers from 0 to 255")
    }
    return ImageChunk(
      channels: chunk.channels, height: chunk.height, width: chunk.width, pixels: pixels)
  }
}
