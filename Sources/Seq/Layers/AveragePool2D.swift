/// The mean of each window of each channel: `[N, C, H, W]` to `[N, C, H', W']`. The last rows and
/// columns that fill no window are left out, as in PyTorch.
public struct AveragePool2D: Sendable {
  /// Without padding.
  public let window: Window2D

  public init(_ size: Size2D, stride: Size2D? = nil) {
    window = Window2D(size, stride: stride ?? size)
  }

  public func forward<S>(_ x: Tensor<S>) -> Tensor<S> {
    let output = window.outputSize(for: x.mapSize)
    var y = Tensor<S>(uninitialized: [x.rows, x.shape[1], output.height, output.width])
    let (from, to) = (x.pointer, y.mutablePointer)
    let share = 1 / S(window.size.count)
    forEachWindow(maps: x.rows * x.shape[1], x.mapSize) { o, corner in
      var sum: S = 0
      for u in 0..<window.size.height {
        let row = from + corner + u * x.shape[3]
        for v in 0..<window.size.width { sum += row[v] }
      }
      to[o] = sum * share
    }
    return y
  }

  /// The gradient of a window is shared out evenly.
  ///
  /// - Parameter shape: that of the input.
  public func backward<S>(_ dy: Tensor<S>, shape: [Int]) -> Tensor<S> {
    var dx = Tensor<S>(zeros: shape)
    let (from, to) = (dy.pointer, dx.mutablePointer)
    let share = 1 / S(window.size.count)
    forEachWindow(maps: shape[0] * shape[1], Size2D(shape[2], shape[3])) { o, corner in
      let part = from[o] * share
      for u in 0..<window.size.height {
        let row = to + corner + u * shape[3]
        for v in 0..<window.size.width { row[v] += part }
      }
    }
    return dx
  }

  /// Calls `body` with the place of each window's result and of its first number.
  @inline(__always)
  private func forEachWindow(maps: Int, _ input: Size2D, _ body: (Int, Int) -> Void) {
    let output = window.outputSize(for: input)
    var o = 0
    for map in 0..<maps {
      for oy in 0..<output.height {
        for ox in 0..<output.width {
          let y = map * input.height + oy * window.stride.height
          body(o, y * input.width + ox * window.stride.width)
          o += 1
        }
      }
    }
  }
}
