/// The largest value of each unit over time: y_nj = max over t of x_tnj.
enum MaxPooling {
  /// `[M, W]` to `[N, W]`, with the step of each maximum (the first of equals), `[N, W]`, where a
  /// backward pass follows.
  static func forward<S>(
    _ x: Tensor<S>, _ layout: SequenceLayout, keepsSteps: Bool
  ) -> (y: Tensor<S>, steps: [Int32]) {
    let width = x.columns
    var y = Tensor<S>(uninitialized: [layout.batchCount, width])
    var steps = [Int32](repeating: 0, count: keepsSteps ? y.count : 0)
    let best = y.mutablePointer
    best.update(from: x.pointer, count: y.count)
    steps.withUnsafeMutableBufferPointer { steps in
      for t in 1..<max(1, layout.stepCount) {
        S.maximum(
          x.row(layout.offsets[t]), into: best, count: layout.activeRows[t] * width,
          row: Int32(t), rows: keepsSteps ? steps.baseAddress : nil)
      }
    }
    return (y, steps)
  }

  /// Adds each gradient to the element that was the maximum.
  static func backward<S>(
    _ dy: UnsafePointer<S>, ld: Int, steps: [Int32], _ layout: SequenceLayout,
    into dx: inout Tensor<S>
  ) {
    let width = dx.columns
    let d = dx.mutablePointer
    for n in 0..<layout.batchCount {
      for j in 0..<width {
        let m = layout.row(step: Int(steps[n * width + j]), sequence: n)
        d[m * width + j] += dy[n * ld + j]
      }
    }
  }
}
