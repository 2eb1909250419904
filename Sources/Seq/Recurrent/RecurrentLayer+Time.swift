/// The loop over time and its reverse, side by side.
extension RecurrentLayer {
  /// Runs the cell over all steps.
  ///
  /// - Parameters:
  ///   - projected: the input part of every step.
  ///   - initial: the state before the first step, N rows; `nil` is zeros, which spares the recurrent product
  ///     of the first step, and its gradients.
  ///   - mask: a dropout mask on the hidden state within the recurrent product, `[N, H]`.
  ///   - keepsCache: whether a backward pass follows.
  public func run<S>(
    _ projected: ProjectedInput<S>, _ layout: SequenceLayout, from initial: RecurrentState<S>?,
    mask: Tensor<S>? = nil, _ weights: Weights<S>, keepsCache: Bool
  ) -> Run<S> {
    let h = hiddenSize
    let rowCount = layout.rowCount
    let hasCell = cell.stateCount > 1
    var state =
      initial ?? RecurrentState(zerosFor: cell, batch: layout.batchCount, hidden: h)
    let zeroStep = initial == nil ? firstStep(of: layout) : nil
    let hidden = state.hidden.mutablePointer
    let cellState = hasCell ? state.cell.mutablePointer : nil
    var output = Tensor<S>(uninitialized: [rowCount, h])
    var recurrent = Tensor<S>(uninitialized: [layout.batchCount, gateSize])
    let cached = keepsCache ? rowCount : 0
    var previousHidden = Tensor<S>(uninitialized: [cached, h])
    var previousCell = Tensor<S>(uninitialized: [hasCell ? cached : 0, h])
    var gates = Tensor<S>(uninitialized: [cached, cell.cacheCount * h])
    var masked = mask.map { _ in Tensor<S>(uninitialized: [rowCount, h]) }

    for t in steps(of: layout) {
      let (rows, offset) = (layout.activeRows[t], layout.offsets[t] * h)
      if keepsCache {
        (previousHidden.mutablePointer + offset).update(from: hidden, count: rows * h)
        if let cellState {
          (previousCell.mutablePointer + offset).update(from: cellState, count: rows * h)
        }
      }
      var source = UnsafePointer(hidden)
      if let mask, let product = masked?.mutablePointer {
        for i in 0..<rows * h { product[offset + i] = hidden[i] * mask.pointer[i] }
        source = UnsafePointer(product + offset)
      }
      if t == zeroStep {
        recurrent.fillRows(rows, with: weights.pointer(biasHH))
      } else {
        weights.product(
          source, lda: h, rows: rows, with: weightHH, bias: biasHH,
          into: recurrent.mutablePointer, ldc: gateSize)
      }
      projected.withRows(from: layout.offsets[t]) { x, rowsOfX in
        cell.step(
          CellStep(
            rows: rows, hidden: h, x: x, ldx: gateSize, r: recurrent.pointer,
            previousHidden: hidden, previousCell: cellState, hiddenState: hidden,
            cellState: cellState,
            cache: keepsCache ? gates.mutablePointer + offset * cell.cacheCount : nil,
            rowsOfX: rowsOfX))
      }
      (output.mutablePointer + offset).update(from: hidden, count: rows * h)
    }
    let cache = Cache(
      previousHidden: previousHidden, maskedHidden: masked, previousCell: previousCell,
      gates: gates, mask: mask, output: output, zeroStep: zeroStep)
    return Run(output: output, final: state, cache: keepsCache ? cache : nil)
  }

  /// Back through time: from the gradients of every hidden state (`nil` is zero) and of the final state to
  /// those of the projected input `[M, G H]` and the initial state (without a meaning where the run began with
  /// `nil`); adds those of W_hh and b_hh.
  public func runBackward<S>(
    _ dOutput: Tensor<S>?, final dFinal: RecurrentState<S>, _ cache: Cache<S>,
    _ layout: SequenceLayout, _ weights: Weights<S>, into gradients: inout Gradients<S>
  ) -> (dProjected: Tensor<S>, dInitial: RecurrentState<S>) {
    let h = hiddenSize
    var state = dFinal
    let dHidden = state.hidden.mutablePointer
    let dCell = cell.stateCount > 1 ? state.cell.mutablePointer : nil
    var dx = Tensor<S>(uninitialized: [layout.rowCount, gateSize])
    let separate = cell.separatesRecurrentGradient
    var dr = Tensor<S>(uninitialized: [separate ? layout.rowCount : 0, gateSize])

    for t in steps(of: layout).reversed() {
      let (rows, offset) = (layout.activeRows[t], layout.offsets[t] * h)
      if let dOutput { S.add(dOutput.pointer + offset, to: dHidden, count: rows * h) }
      let dxStep = dx.mutablePointer + offset * cell.gateCount
      let drStep = separate ? dr.mutablePointer + offset * cell.gateCount : dxStep
      cell.stepBackward(
        CellStepGradient(
          rows: rows, hidden: h, previousHidden: cache.previousHidden.pointer + offset,
          previousCell: dCell.map { _ in cache.previousCell.pointer + offset },
          nextHidden: cache.output.pointer + offset,
          cache: cache.gates.pointer + offset * cell.cacheCount, dHidden: dHidden, dCell: dCell,
          dx: dxStep, dr: drStep))
      if t != cache.zeroStep {
        addRecurrentGradient(drStep, rows: rows, mask: cache.mask, weights, to: dHidden)
      }
    }
    let dRecurrent = separate ? dr : dx
    gradients.addOuterProduct(
      dRecurrent, cache.maskedHidden ?? cache.previousHidden,
      rows: cache.rowsWithState(layout), to: weightHH)
    gradients.addSumOfRows(dRecurrent, to: biasHH)
    return (dx, state)
  }

  /// dh_{t-1} += m ∘ (dr W_hh)
  private func addRecurrentGradient<S>(
    _ dr: UnsafePointer<S>, rows: Int, mask: Tensor<S>?, _ weights: Weights<S>,
    to dHidden: UnsafeMutablePointer<S>
  ) {
    guard let mask else {
      weights.product(
        dr, lda: gateSize, rows: rows, with: weightHH, transposed: true, accumulates: true,
        into: dHidden, ldc: hiddenSize)
      return
    }
    var product = Tensor<S>(uninitialized: [rows, hiddenSize])
    let d = product.mutablePointer
    weights.product(
      dr, lda: gateSize, rows: rows, with: weightHH, transposed: true, into: d, ldc: hiddenSize)
    for i in 0..<rows * hiddenSize { dHidden[i] += mask.pointer[i] * d[i] }
  }
}

extension Tensor {
  /// Sets the first rows to the same numbers.
  fileprivate mutating func fillRows(_ count: Int, with values: UnsafePointer<S>) {
    let target = mutablePointer
    for i in 0..<count { (target + i * columns).update(from: values, count: columns) }
  }
}
