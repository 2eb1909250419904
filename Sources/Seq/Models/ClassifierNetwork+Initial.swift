extension ClassifierNetwork {
  /// The weights that training begins with. As in PyTorch unless the options say otherwise:
  /// N(0, 1) for the embedding, U(-1/√H, 1/√H) for recurrent layers, U(-1/√P, 1/√P) for the head;
  /// zeros for features.
  func initialParameters(_ training: TrainingOptions) -> ParameterVector<Float> {
    var parameters = ParameterVector<Float>(layout)
    var random = RandomGenerator(seed: training.seed, stream: 0x696e_6974)
    func fill(
      _ parameter: Parameter, _ initializer: Initializer, blocks: Int = 1, fanIn: Int? = nil
    ) {
      let columns = parameter.shape.count > 1 ? parameter.shape[1] : 1
      parameters[parameter] = initializer.fill(
        rows: parameter.shape[0], columns: columns, blocks: blocks, fanIn: fanIn, using: &random)
    }
    fill(embedding.weight, .normal)
    for layer in stack.layers.joined() {
      let (blocks, hidden) = (layer.cell.gateCount, layer.hiddenSize)
      fill(layer.weightIH, training.initializer, blocks: blocks, fanIn: hidden)
      fill(layer.weightHH, training.recurrentInitializer, blocks: blocks, fanIn: hidden)
      fill(layer.biasIH, .uniform, fanIn: hidden)
      fill(layer.biasHH, .uniform, fanIn: hidden)
      if layer.cell is LSTMCell, training.forgetBias != 0 {
        let bias = parameters.mutablePointer(layer.biasIH)
        for j in hidden..<2 * hidden { bias[j] += Float(training.forgetBias) }
      }
    }
    for parameter in layout.parameters where parameter.name.hasPrefix("pooling.") {
      fill(parameter, .uniform, fanIn: parameter.shape.last)
    }
    fill(head.weight, .uniform, fanIn: head.inputs)
    if let bias = head.bias { fill(bias, .uniform, fanIn: head.inputs) }
    return parameters
  }
}
