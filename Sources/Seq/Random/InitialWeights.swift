/// Draws the weights that a training begins with, parameter by parameter, from one random stream.
struct InitialWeights {
  private(set) var parameters: ParameterVector<Float>
  private var random: RandomGenerator

  init(_ layout: ParameterLayout, seed: UInt64) {
    parameters = ParameterVector(layout)
    random = RandomGenerator(seed: seed, stream: 0x696e_6974)
  }

  mutating func fill(
    _ parameter: Parameter, _ initializer: Initializer, blocks: Int = 1, fanIn: Int? = nil
  ) {
    let columns = parameter.count / max(1, parameter.shape[0])
    parameters[parameter] = initializer.fill(
      rows: parameter.shape[0], columns: columns, blocks: blocks, fanIn: fanIn, using: &random)
  }

  /// U(-1/√n, 1/√n) for n inputs.
  mutating func fill(_ linear: Linear) {
    fill(linear.weight, .uniform, fanIn: linear.inputs)
    if let bias = linear.bias { fill(bias, .uniform, fanIn: linear.inputs) }
  }

  /// Gains and variances of 1, shifts and means of 0.
  mutating func fill(_ norm: BatchNorm) {
    for parameter in [norm.weight, norm.runningVariance] {
      parameters[parameter] = [Float](repeating: 1, count: parameter.count)
    }
  }

  /// Recurrent layers: weights as asked for, biases U(-1/√H, 1/√H); `forgetBias` is added to the
  /// forget gates.
  mutating func fill(
    _ stack: RecurrentStack, input: Initializer, recurrent: Initializer, forgetBias: Double
  ) {
    for layer in stack.layers.joined() {
      let (blocks, hidden) = (layer.cell.gateCount, layer.hiddenSize)
      fill(layer.weightIH, input, blocks: blocks, fanIn: hidden)
      fill(layer.weightHH, recurrent, blocks: blocks, fanIn: hidden)
      fill(layer.biasIH, .uniform, fanIn: hidden)
      fill(layer.biasHH, .uniform, fanIn: hidden)
      if layer.cell is LSTMCell, forgetBias != 0 {
        let bias = parameters.mutablePointer(layer.biasIH)
        for j in hidden..<2 * hidden { bias[j] += Float(forgetBias) }
      }
    }
  }

  /// 1 for the gains and variances of a stack's normalisation.
  mutating func fillGains(_ stack: RecurrentStack) {
    for norm in stack.norms {
      switch norm {
      case .layer(let norm):
        parameters[norm.gain] = [Float](repeating: 1, count: norm.size)
      case .batch(let norm): fill(norm)
      }
    }
  }

  /// U(-range, range) for weights, zeros for biases (Zaremba, Sutskever and Vinyals, 2014).
  mutating func fillAll(range: Double) {
    for parameter in parameters.layout.parameters {
      parameters[parameter] = (0..<parameter.count).map { _ in
        parameter.role == .weight || parameter.role == .sparseTable
          ? Float(random.uniform(-range, range)) : 0
      }
    }
  }
}
