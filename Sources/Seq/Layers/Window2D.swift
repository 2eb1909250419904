/// A height and a width.
public struct Size2D: Sendable, Hashable {
  public var height: Int
  public var width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// A square.
  public init(_ side: Int) { self.init(side, side) }

  /// height times width.
  public var count: Int { height * width }
}

/// The windows that a convolution or a pooling layer moves over a map of H rows and W columns, padded
/// with `padding` zeros on each side:
/// ```
/// H' = floor((H + 2 padding - size) / stride) + 1        and W' likewise
/// ```
public struct Window2D: Sendable, Hashable {
  /// kH and kW.
  public var size: Size2D
  public var stride: Size2D
  public var padding: Size2D

  public init(_ size: Size2D, stride: Size2D = Size2D(1), padding: Size2D = Size2D(0)) {
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  /// H' and W': how many windows there are; nothing where a window is larger than the padded map.
  public func outputSize(for input: Size2D) -> Size2D {
    func count(_ input: Int, _ size: Int, _ stride: Int, _ padding: Int) -> Int {
      let room = input + 2 * padding - size
      return room < 0 ? 0 : room / stride + 1
    }
    return Size2D(
      count(input.height, size.height, stride.height, padding.height),
      count(input.width, size.width, stride.width, padding.width))
  }
}

/// How the windows of one image stand in memory as a matrix `[C kH kW, H' W']`, one column for each
/// window ("im2col"): pieces of a row of the matrix that are evenly spaced pixels of the image. What no
/// piece covers is padding.
struct WindowColumns {
  /// `count` pixels: the i-th stands at `image + i stride` of the image and `column + i` of the matrix.
  private struct Piece {
    let image: Int
    let column: Int
    let count: Int
  }

  /// C kH kW and H' W'.
  let rows: Int
  let columns: Int
  private let stride: Int
  private let pieces: [Piece]

  init(_ window: Window2D, channels: Int, input: Size2D) {
    let output = window.outputSize(for: input)
    rows = channels * window.size.count
    columns = output.count
    stride = window.stride.width
    var pieces: [Piece] = []
    for row in 0..<rows {
      let (channel, place) = row.quotientAndRemainder(dividingBy: window.size.count)
      let (ky, kx) = place.quotientAndRemainder(dividingBy: window.size.width)
      let inside = Self.inside(
        kx - window.padding.width, window.stride.width, input.width, output.width)
      for oy in 0..<output.height where !inside.isEmpty {
        let y = oy * window.stride.height + ky - window.padding.height
        guard (0..<input.height).contains(y) else { continue }
        let x = inside.lowerBound * window.stride.width + kx - window.padding.width
        pieces.append(
          Piece(
            image: (channel * input.height + y) * input.width + x,
            column: row * output.count + oy * output.width + inside.lowerBound,
            count: inside.count))
      }
    }
    self.pieces = pieces
  }

  /// The o in 0..<count with o stride + start in 0..<length.
  private static func inside(
    _ start: Int, _ stride: Int, _ length: Int, _ count: Int
  ) -> Range<Int> {
    func smallest(reaching target: Int) -> Int {
      min(count, max(0, (target - start + stride - 1) / stride))
    }
    let first = start >= 0 ? 0 : smallest(reaching: 0)
    return first..<max(first, start >= length ? 0 : smallest(reaching: length))
  }

  /// Copies the pixels of an image into the matrix; the padding is left as it is.
  func gather<S: Scalar>(_ image: UnsafePointer<S>, into matrix: UnsafeMutablePointer<S>) {
    for piece in pieces {
      let (from, to) = (image + piece.image, matrix + piece.column)
      if stride == 1 {
        to.update(from: from, count: piece.count)
      } else {
        for i in 0..<piece.count { to[i] = from[i * stride] }
      }
    }
  }

  /// Adds every number of the matrix to the pixel that it stands for.
  func scatterAdd<S: Scalar>(_ matrix: UnsafePointer<S>, to image: UnsafeMutablePointer<S>) {
    for piece in pieces {
      let (from, to) = (matrix + piece.column, image + piece.image)
      if stride == 1 {
        for i in 0..<piece.count { to[i] += from[i] }
      } else {
        for i in 0..<piece.count { to[i * stride] += from[i] }
      }
    }
  }
}
