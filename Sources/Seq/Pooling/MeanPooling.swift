/// The mean of each unit over the steps of its sequence: y_nj = (1 / T_n) Σ_t x_tnj.
enum MeanPooling {
  /// `[M, W]` to `[N, W]`.
  static func forward<S>(_ x: Tensor<S>, _ layout: SequenceLayout) -> Tensor<S> {
    let width = x.columns
    var y = Tensor<S>(zeros: [layout.batchCount, width])
    let sum = y.mutablePointer
    for t in 0..<layout.stepCount {
      S.add(x.row(layout.offsets[t]), to: sum, count: layout.activeRows[t] * width)
    }
    for n in 0..<layout.batchCount {
      S.scale(sum + n * width, by: 1 / S(layout.lengths[n]), count: width)
    }
    return y
  }

  /// dx_tn += dy_n / T_n
  static func backward<S>(
    _ dy: UnsafePointer<S>, ld: Int, _ layout: SequenceLayout, into dx: inout Tensor<S>
  ) {
    let width = dx.columns
    let d = dx.mutablePointer
    for n in 0..<layout.batchCount {
      let share = 1 / S(layout.lengths[n])
      for t in 0..<layout.lengths[n] {
        let row = d + layout.row(step: t, sequence: n) * width
        for j in 0..<width { row[j] += dy[n * ld + j] * share }
      }
    }
  }
}
