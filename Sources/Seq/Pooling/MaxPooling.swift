/// The largest value of each unit over time: y_nj = max over t of x_tnj.
enum MaxPooling {
  /// `[M, W]` to `[N, W]`, with the row each maximum came from (the first of equals).
  static func forward<S>(
    _ x: Tensor<S>, _ layout: SequenceLayout
  ) -> (y: Tensor<S>, source: [Int32]) {
    let width = x.columns
    var y = Tensor<S>(uninitialized: [layout.batchCount, width])
    var source = [Int32](repeating: 0, count: y.count)
    let best = y.mutablePointer
    best.update(from: x.pointer, count: y.count)
    source.withUnsafeMutableBufferPointer { source in
      for n in 0..<layout.batchCount {
        for j in 0..<width { source[n * width + j] = Int32(n) }
      }
      for t in 1..<max(1, layout.stepCount) {
        for n in 0..<layout.activeRows[t] {
          let m = layout.row(step: t, sequence: n)
          let row = x.row(m)
          for j in 0..<width where row[j] > best[n * width + j] {
            best[n * width + j] = row[j]
            source[n * width + j] = Int32(m)
          }
        }
      }
    }
    return (y, source)
  }

  /// Adds each gradient to the element that was the maximum.
  static func backward<S>(
    _ dy: UnsafePointer<S>, ld: Int, source: [Int32], into dx: inout Tensor<S>
  ) {
    let width = dx.columns
    let d = dx.mutablePointer
    for i in source.indices {
      let (n, j) = (i / width, i % width)
      d[Int(source[i]) * width + j] += dy[n * ld + j]
    }
  }
}
