/// The network of the exercises, one layer from symbols to symbols:
/// ```
/// x_t = onehot(symbol_t)    h_t = cell(x_t, h_{t-1})    logits_t = W h_t + b    for t >= first
/// ```
/// V symbols in, K symbols out, H hidden units; `first` makes it aligned (0) or delayed.
struct SymbolNetwork: Sendable {
  let layout: ParameterLayout
  let layer: RecurrentLayer
  let head: Linear

  init(cell: any RecurrentCell, inputs: Int, hidden: Int, outputs: Int) {
    var layout = ParameterLayout()
    layer = RecurrentLayer(cell: cell, inputSize: inputs, hiddenSize: hidden, in: &layout)
    head = Linear("head", inputs: hidden, outputs: outputs, in: &layout)
    self.layout = layout
  }

  /// N sequences of T steps, and the symbols to answer at the last steps.
  struct Batch {
    /// T N symbols, time-major.
    var ids: [Int32]
    /// The answers at the last steps, time-major.
    var answers: [Int32]
    var layout: SequenceLayout
  }

  /// What `forward` found, for the way back.
  private struct Forward<S: Scalar> {
    let input: Tensor<S>
    let run: RecurrentLayer.Run<S>
    /// The hidden states of the steps that answer.
    let answering: Tensor<S>
    let logits: Tensor<S>
  }

  /// Recurrent weights as `initializer` says, the identity for a rectified network (Le, Jaitly and
  /// Hinton, 2015); everything else from U(-1/√H, 1/√H), and `forgetBias` added to an LSTM's
  /// forget gate.
  func initialParameters(
    recurrent initializer: Initializer, forgetBias: Double, seed: UInt64
  ) -> ParameterVector<Float> {
    var parameters = ParameterVector<Float>(layout)
    var random = RandomGenerator(seed: seed, stream: 0x696e_6974)
    let hidden = layer.hiddenSize
    for parameter in layout.parameters {
      let isRecurrent = parameter == layer.weightHH
      let columns = parameter.shape.count > 1 ? parameter.shape[1] : 1
      parameters[parameter] = (isRecurrent ? initializer : .uniform).fill(
        rows: parameter.shape[0], columns: columns, blocks: isRecurrent ? layer.cell.gateCount : 1,
        fanIn: hidden, using: &random)
    }
    if layer.cell is LSTMCell {
      var bias = parameters[layer.biasIH]
      for j in hidden..<2 * hidden { bias[j] += Float(forgetBias) }
      parameters[layer.biasIH] = bias
    }
    return parameters
  }

  /// Lays out the matrix that every step multiplies by.
  func weights<S>(_ parameters: ParameterVector<S>) -> Weights<S> {
    var weights = Weights(parameters)
    weights.pack(layer.weightHH)
    weights.pack(layer.weightHH, transposed: true)
    return weights
  }

  /// The state before the first step.
  func zeroState<S: Scalar>(_ batch: Int) -> RecurrentState<S> {
    RecurrentState(zerosFor: layer.cell, batch: batch, hidden: layer.hiddenSize)
  }

  /// The logits of the steps that answer, `[answers, K]`; leaves the last state behind.
  func logits<S>(
    _ batch: Batch, from state: inout RecurrentState<S>, _ weights: Weights<S>
  ) -> Tensor<S> {
    let forward = forward(batch, from: state, weights, keepsCache: false)
    state = forward.run.final
    return forward.logits
  }

  /// The summed loss of the answers in nats; adds the gradients of the loss times `scale`. No
  /// gradient flows into the state before the batch.
  func lossAndGradients<S>(
    _ batch: Batch, from state: inout RecurrentState<S>, scale: S, _ weights: Weights<S>,
    into gradients: inout Gradients<S>
  ) -> Double {
    let forward = forward(batch, from: state, weights, keepsCache: true)
    var logits = forward.logits
    let losses = SoftmaxCrossEntropy.lossesAndGradient(
      &logits, classes: batch.answers, scale: scale)
    state = forward.run.final
    guard let cache = forward.run.cache else { return 0 }
    let dAnswering = head.backward(logits, x: forward.answering, weights, into: &gradients)
    let silent = batch.layout.rowCount - batch.answers.count
    let dOutput = dAnswering.belowZeros(silent)
    let (dx, _) = layer.runBackward(
      dOutput, final: zeroState(batch.layout.batchCount), cache, batch.layout, weights,
      into: &gradients)
    _ = layer.projectBackward(dx, input: forward.input, weights, into: &gradients)
    return losses.reduce(0, +)
  }

  private func forward<S>(
    _ batch: Batch, from state: RecurrentState<S>, _ weights: Weights<S>, keepsCache: Bool
  ) -> Forward<S> {
    let input: Tensor<S> = SoftmaxCrossEntropy.oneHot(batch.ids, count: layer.inputSize)
    let run = layer.run(
      layer.project(input, weights), batch.layout, from: state, weights, keepsCache: keepsCache)
    let answering = run.output.lastRows(batch.answers.count)
    return Forward(
      input: input, run: run, answering: answering, logits: head.forward(answering, weights))
  }
}

extension Tensor {
  /// The last `count` rows.
  fileprivate func lastRows(_ count: Int) -> Tensor {
    var part = Tensor(uninitialized: [count, columns])
    part.mutablePointer.update(from: row(rows - count), count: part.count)
    return part
  }

  /// Itself, with so many rows of zeros above it.
  fileprivate func belowZeros(_ count: Int) -> Tensor {
    var whole = Tensor(zeros: [count + rows, columns])
    (whole.mutablePointer + count * columns).update(from: pointer, count: self.count)
    return whole
  }
}
