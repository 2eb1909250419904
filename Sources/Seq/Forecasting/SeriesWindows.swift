import Pipeline

/// The windows of a series, standardised: for the row at which each ends, what is read and what is to
/// be foretold.
struct SeriesWindows: Sendable {
  private let options: ForecasterOptions
  private let width: Int
  /// T rows of D numbers.
  private let values: [Float]

  init(_ series: Series, _ standardizer: Standardizer, _ options: ForecasterOptions) {
    self.options = options
    width = series.width
    values = series.values.enumerated().map {
      Float(standardizer.standardized($1, column: $0 % series.width))
    }
  }

  /// The last value of the first column, from which a relative forecast counts.
  func base(_ end: Int) -> Float { options.relative ? values[end * width] : 0 }

  /// What is read of the windows that end with the given rows, time-major: `[W N, D]`.
  func inputs(_ ends: [Int]) -> Tensor<Float> {
    var x = Tensor<Float>(uninitialized: [options.window * ends.count, width])
    let target = x.mutablePointer
    for (n, end) in ends.enumerated() {
      let base = base(end)
      for t in 0..<options.window {
        let row = (t * ends.count + n) * width
        let source = (end - options.window + 1 + t) * width
        for d in 0..<width { target[row + d] = values[source + d] }
        target[row] -= base
      }
    }
    return x
  }

  /// What follows them, `[N, horizon]`.
  func targets(_ ends: [Int]) -> Tensor<Float> {
    var y = Tensor<Float>(uninitialized: [ends.count, options.horizon])
    for (n, end) in ends.enumerated() {
      let base = base(end)
      for h in 0..<options.horizon { y[n, h] = values[(end + 1 + h) * width] - base }
    }
    return y
  }
}

extension ForecasterOptions {
  /// The rows at which windows can end whose following rows are all in `rows`: the last row read
  /// stands before them.
  func ends(foretelling rows: Range<Int>) -> Range<Int> {
    let first = max(window - 1, rows.lowerBound - 1)
    return first..<max(first, rows.upperBound - horizon)
  }
}
