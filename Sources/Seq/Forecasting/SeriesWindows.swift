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

  /// What a relative forecast counts from, `step` rows behind the first that is foretold: the value of
  /// one season before or, where there is no season, the last one.
  func base(_ end: Int, _ step: Int) -> Float {
    guard options.relative else { return 0 }
    return values[(options.season > 0 ? options.lastSeason(end, step) : end) * width]
  }

  /// What is read of the windows that end with the given rows, time-major: `[W N, D]`.
  func inputs(_ ends: [Int]) -> Tensor<Float> {
    var x = Tensor<Float>(uninitialized: [options.window * ends.count, width])
    let target = x.mutablePointer
    for (n, end) in ends.enumerated() {
      let last = options.relative ? values[end * width] : 0
      for t in 0..<options.window {
        let row = (t * ends.count + n) * width
        let source = (end - options.window + 1 + t) * width
        for d in 0..<width { target[row + d] = values[source + d] }
        target[row] -= last
      }
    }
    return x
  }

  /// What follows them, `[N, horizon]`.
  func targets(_ ends: [Int]) -> Tensor<Float> {
    var y = Tensor<Float>(uninitialized: [ends.count, options.horizon])
    for (n, end) in ends.enumerated() {
      for h in 0..<options.horizon {
        y[n, h] = values[(end + 1 + h) * width] - base(end, h)
      }
    }
    return y
  }
}

extension ForecasterOptions {
  /// The last row that is known at `end` and stands whole seasons before row `end + 1 + step`.
  func lastSeason(_ end: Int, _ step: Int) -> Int {
    end + 1 + step - season * (step / season + 1)
  }

  /// The rows at which windows can end whose following rows are all in `rows`: the last row read
  /// stands before them.
  func ends(foretelling rows: Range<Int>) -> Range<Int> {
    let first = max(window - 1, rows.lowerBound - 1)
    return first..<max(first, rows.upperBound - horizon)
  }
}
