/// The largest number of each window of each channel; the first, row by row, where several are.
/// `[N, C, H, W]` to `[N, C, H', W']`. The last rows and columns that fill no window are left out, as
/// in PyTorch.
public struct MaxPool2D: Sendable {
  /// Without padding.
  public let window: Window2D

  public init(_ size: Size2D, stride: Size2D? = nil) {
    window = Window2D(size, stride: stride ?? size)
  }

  /// The largest numbers, and for each the place of its source in its map. NaN is larger than any.
  public func forward<S>(_ x: Tensor<S>) -> (y: Tensor<S>, places: [Int32]) {
    let (input, output) = (x.mapSize, window.outputSize(for: x.mapSize))
    let maps = x.rows * x.shape[1]
    var y = Tensor<S>(uninitialized: [x.rows, x.shape[1], output.height, output.width])
    let out = y.mutablePointer
    let places = [Int32](unsafeUninitializedCapacity: maps * output.count) { places, count in
      for map in 0..<maps {
        let (from, first) = (x.pointer + map * input.count, map * output.count)
        for oy in 0..<output.height {
          for ox in 0..<output.width {
            let place = largest(from, oy, ox, width: input.width)
            let o = first + oy * output.width + ox
            out[o] = from[place]
            places[o] = Int32(truncatingIfNeeded: place)
          }
        }
      }
      count = maps * output.count
    }
    return (y, places)
  }

  /// The whole gradient of a window goes to its largest number.
  ///
  /// - Parameter shape: that of the input.
  public func backward<S>(_ dy: Tensor<S>, places: [Int32], shape: [Int]) -> Tensor<S> {
    var dx = Tensor<S>(zeros: shape)
    let (to, from) = (dx.mutablePointer, dy.pointer)
    let (inputArea, outputArea) = (shape[2] * shape[3], dy.mapSize.count)
    for map in 0..<shape[0] * shape[1] {
      let (target, first) = (to + map * inputArea, map * outputArea)
      for o in first..<first + outputArea { target[Int(places[o])] += from[o] }
    }
    return dx
  }

  @inline(__always)
  private func largest<S: Scalar>(
    _ map: UnsafePointer<S>, _ oy: Int, _ ox: Int, width: Int
  ) -> Int {
    let corner = oy * window.stride.height * width + ox * window.stride.width
    var (best, place) = (map[corner], corner)
    for u in 0..<window.size.height {
      for v in 0..<window.size.width {
        let here = corner &+ u &* width &+ v
        // A NaN is taken and never given up: no comparison with it holds.
        let isLarger = !(map[here] <= best) && best == best
        best = isLarger ? map[here] : best
        place = isLarger ? here : place
      }
    }
    return place
  }
}
