/// The symbols that one shard reads in one step of training, and those it has to predict.
package struct LanguageModelWindow: Sendable {
  /// M symbols, time-major, as `layout` says.
  package var ids: [Int32]
  /// For each, the symbol that follows.
  package var targets: [Int32]
  package var layout: SequenceLayout

  package init(ids: [Int32], targets: [Int32], layout: SequenceLayout) {
    self.ids = ids
    self.targets = targets
    self.layout = layout
  }
}

extension LanguageModelNetwork {
  /// The first layer's table for a training step, or `nil` where every step is projected by itself:
  /// where there are more symbols than rows, or each sequence has a mask of its own.
  package func trainingTable<S>(
    _ r: LanguageModelRegularization, _ masks: WeightMasks<S>, rows: Int, _ weights: Weights<S>,
    pool: WorkerPool = WorkerPool(threads: 1), using random: inout RandomGenerator
  ) -> SymbolProjection<S>? {
    guard options.symbols <= rows, r.variationalDropout == 0 else { return nil }
    var mask: Tensor<S>?
    if r.dropout > 0 {
      mask = Dropout(r.dropout).mask([options.symbols, options.embedding], using: &random)
    }
    if let symbols = masks.symbols {
      let whole = symbols.repeatedColumns(options.embedding)
      mask?.multiply(by: whole)
      mask = mask ?? whole
    }
    return SymbolProjection(embedding, stack.layers[0][0], mask: mask, weights, pool: pool)
  }

  /// The summed loss of a window in nats, and the penalties on its activations; adds the gradients of
  /// `scale` times the loss plus the penalties. What the table's `finishBackward` has to complete stays with
  /// them. `state` goes in as it was before the window and comes out as it is after; no gradient flows out of
  /// the window (truncated back-propagation through time, Williams and Peng, 1990).
  package func lossAndGradients<S>(
    _ window: LanguageModelWindow, from state: inout [[RecurrentState<S>]],
    _ table: SymbolProjection<S>?, _ r: LanguageModelRegularization, _ masks: WeightMasks<S>,
    scale: S, _ weights: Weights<S>, using random: inout RandomGenerator,
    into gradients: inout Gradients<S>
  ) -> (loss: Double, penalty: Double) {
    let layout = window.layout
    let active: ActivationMasks<S> = activationMasks(r, layout, using: &random)
    let inputMask = inputMask(window.ids, active.input, masks)
    let embedded = masked(
      table == nil ? embedding.forward(window.ids, weights) : Tensor(zeros: [0, 0]),
      by: table == nil ? inputMask : nil)
    let first = stack.layers[0][0]
    let projected =
      table?.forward(window.ids) ?? first.project(embedded, weights)
    let run = stack.run(
      projected: [projected], layout, from: state, masks: active.stack, weights, keepsCache: true)
    let output = masked(run.output, by: active.output)
    var logits = self.logits(output, weights)
    let losses = SoftmaxCrossEntropy.lossesAndGradient(
      &logits, classes: window.targets, scale: scale)
    state = run.final

    var dOutput = outputGradient(logits, output, weights, into: &gradients)
    var penalty = addActivationPenalty(r, output, scale: scale, to: &dOutput)
    if let mask = active.output { dOutput.multiply(by: mask) }
    penalty += addTemporalPenalty(r, run.output, layout, scale: scale, to: &dOutput)
    let (dProjected, _) = stack.runBackward(
      dOutput, final: initialState(layout.batchCount), run, layout, masks: active.stack, weights,
      share: Double(layout.rowCount) * Double(scale), into: &gradients)
    if let table {
      table.backward(dProjected[0], ids: window.ids, into: &gradients)
    } else {
      let d = first.projectBackward(dProjected[0], input: embedded, weights, into: &gradients)
      embedding.backward(masked(d, by: inputMask), ids: window.ids, into: &gradients)
    }
    return (losses.reduce(0, +), penalty)
  }

  private func outputGradient<S>(
    _ dLogits: Tensor<S>, _ output: Tensor<S>, _ weights: Weights<S>,
    into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    gradients.addOuterProduct(dLogits, output, to: outputWeight)
    gradients.addSumOfRows(dLogits, to: outputBias)
    var dOutput = Tensor<S>(uninitialized: output.shape)
    weights.product(
      dLogits.pointer, lda: dLogits.columns, rows: dLogits.rows, with: outputWeight,
      transposed: true, into: dOutput.mutablePointer, ldc: output.columns)
    return dOutput
  }

  /// The mask on every step's embedded symbol, `[M, D]`.
  private func inputMask<S>(
    _ ids: [Int32], _ mask: Tensor<S>?, _ masks: WeightMasks<S>
  ) -> Tensor<S>? {
    guard let symbols = masks.symbols else { return mask }
    var rows = Tensor<S>(uninitialized: [ids.count])
    for (i, id) in ids.enumerated() { rows.mutablePointer[i] = symbols.pointer[Int(id)] }
    var whole = rows.repeatedColumns(options.embedding)
    if let mask { whole.multiply(by: mask) }
    return whole
  }

  private func masked<S>(_ x: Tensor<S>, by mask: Tensor<S>?) -> Tensor<S> {
    guard let mask else { return x }
    var x = x
    x.multiply(by: mask)
    return x
  }

  /// α Σ y² / (M H), with y the output after dropout and `scale` = 1 / M.
  private func addActivationPenalty<S>(
    _ r: LanguageModelRegularization, _ output: Tensor<S>, scale: S, to dOutput: inout Tensor<S>
  ) -> Double {
    guard r.activation > 0 else { return 0 }
    let factor = S(r.activation) * scale / S(options.hidden)
    let (d, y) = (dOutput.mutablePointer, output.pointer)
    for i in 0..<output.count { d[i] += 2 * factor * y[i] }
    return Double(factor) * S.sumOfSquares(y, count: output.count)
  }

  /// β Σ (h_t - h_{t-1})² / (M H) over the steps of the window that have one before them.
  private func addTemporalPenalty<S>(
    _ r: LanguageModelRegularization, _ h: Tensor<S>, _ layout: SequenceLayout, scale: S,
    to dOutput: inout Tensor<S>
  ) -> Double {
    guard r.temporalActivation > 0 else { return 0 }
    let factor = S(r.temporalActivation) * scale / S(options.hidden)
    let d = dOutput.mutablePointer
    var penalty = 0.0
    for t in 1..<max(1, layout.stepCount) {
      let (now, before) = (layout.offsets[t] * h.columns, layout.offsets[t - 1] * h.columns)
      for i in 0..<layout.activeRows[t] * h.columns {
        let change = h.pointer[now + i] - h.pointer[before + i]
        penalty += Double(factor * change * change)
        d[now + i] += 2 * factor * change
        d[before + i] -= 2 * factor * change
      }
    }
    return penalty
  }
}

extension Tensor {
  /// `[N]` to `[N, columns]`: each number across its row.
  fileprivate func repeatedColumns(_ columns: Int) -> Tensor {
    var result = Tensor(uninitialized: [count, columns])
    let target = result.mutablePointer
    for i in 0..<count { (target + i * columns).update(repeating: pointer[i], count: columns) }
    return result
  }
}
