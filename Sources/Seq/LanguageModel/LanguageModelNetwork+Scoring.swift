extension LanguageModelNetwork {
  /// How many steps are computed at once: a long text then needs no more memory than a short one.
  private static var windowSize: Int { 128 }

  /// log p of every symbol given those before it in its sequence, summed for each sequence, in nats.
  ///
  /// - Parameter sequences: of falling length, each at least 1; predicted from `options.end`.
  package func logProbabilities<S>(
    of sequences: [[Int32]], _ table: SymbolProjection<S>?, _ weights: Weights<S>
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: sequences.count)
    var state: [[RecurrentState<S>]] = initialState(sequences.count)
    for start in stride(from: 0, to: sequences.first?.count ?? 0, by: Self.windowSize) {
      let lengths = sequences.map { min(Self.windowSize, $0.count - start) }.filter { $0 > 0 }
      let layout = SequenceLayout(lengths: lengths)
      var ids = [Int32](repeating: Int32(options.end), count: layout.rowCount)
      var targets = ids
      for (n, length) in lengths.enumerated() {
        for t in 0..<length {
          let row = layout.row(step: t, sequence: n)
          if start + t > 0 { ids[row] = sequences[n][start + t - 1] }
          targets[row] = sequences[n][start + t]
        }
      }
      state = state.prefix(layout.batchCount)
      add(
        logProbabilities(
          LanguageModelWindow(ids: ids, targets: targets, layout: layout), from: &state, table,
          weights), layout, to: &sums)
    }
    return sums
  }

  /// log p of every target of a window, `[M]`; the state moves on.
  package func logProbabilities<S>(
    _ window: LanguageModelWindow, from state: inout [[RecurrentState<S>]],
    _ table: SymbolProjection<S>?, _ weights: Weights<S>
  ) -> [Double] {
    var logits = read(window.ids, window.layout, from: &state, table, weights)
    S.logSoftmax(logits.mutablePointer, rows: logits.rows, columns: logits.columns)
    return window.targets.enumerated().map { Double(logits[$0, Int($1)]) }
  }

  private func add(_ values: [Double], _ layout: SequenceLayout, to sums: inout [Double]) {
    for t in 0..<layout.stepCount {
      for n in 0..<layout.activeRows[t] { sums[n] += values[layout.row(step: t, sequence: n)] }
    }
  }
}

extension Array {
  /// The states of the first `count` sequences.
  func prefix<S>(_ count: Int) -> [[RecurrentState<S>]] where Element == [RecurrentState<S>] {
    map { $0.map { $0.prefix(count) } }
  }
}

extension RecurrentState {
  fileprivate func prefix(_ count: Int) -> RecurrentState {
    guard count < hidden.rows else { return self }
    return RecurrentState(
      hidden: hidden.prefix(count), cell: cell.rows == 0 ? cell : cell.prefix(count))
  }
}

extension Tensor {
  /// The first rows.
  fileprivate func prefix(_ count: Int) -> Tensor {
    var part = Tensor(uninitialized: [count, columns])
    part.mutablePointer.update(from: pointer, count: count * columns)
    return part
  }
}
