import Glibc

/// Small random moves of every image in training: each epoch sees it shifted, turned and zoomed a
/// little otherwise (Simard, Steinkraus and Platt, 2003, section 2, without elastic deformation).
public struct ImageAugmentation: Codable, Sendable, Hashable {
  /// The farthest shift in each direction, in pixels.
  public var shift = 2.0
  /// The largest turn either way, in degrees.
  public var rotation = 10.0
  /// The largest change of size either way, and of either side by itself: 0.1 is a tenth.
  public var zoom = 0.1

  public init() {}

  /// No change at all.
  public static var none: ImageAugmentation {
    var none = ImageAugmentation()
    (none.shift, none.rotation, none.zoom) = (0, 0, 0)
    return none
  }

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`.
  public func validate() throws {
    for (name, value, most) in [
      ("shift", shift, 1e4), ("rotation", rotation, 180), ("zoom", zoom, 0.9),
    ] where !(0...most).contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)", reason: "must be from 0 to \(most)")
    }
  }

  /// Moves every image of `[N, C, H, W]`, each by numbers of its own. Between pixels the result is
  /// bilinear; beyond the border it is the pixel at the border.
  public func apply<S>(to x: inout Tensor<S>, using random: inout RandomGenerator) {
    guard self != .none else { return }
    let source = x
    let (size, from, to) = (x.mapSize, source.pointer, x.mutablePointer)
    for n in 0..<x.rows {
      let move = Move(self, size, using: &random)
      for c in 0..<x.shape[1] {
        let map = (n * x.shape[1] + c) * size.count
        move.sample(from + map, size, into: to + map)
      }
    }
  }

  /// Where a pixel of the result is taken from:
  /// ```
  /// (y, x) = M ((i, j) - centre) + centre + shift
  /// ```
  private struct Move {
    private let yy: Float
    private let yx: Float
    private let xy: Float
    private let xx: Float
    private let y0: Float
    private let x0: Float

    init(
      _ augmentation: ImageAugmentation, _ size: Size2D, using random: inout RandomGenerator
    ) {
      func draw(_ most: Double) -> Double { most == 0 ? 0 : random.uniform(-most, most) }
      let angle = draw(augmentation.rotation) * .pi / 180
      let (tall, wide) = (1 / (1 + draw(augmentation.zoom)), 1 / (1 + draw(augmentation.zoom)))
      let (sine, cosine) = (sin(angle), cos(angle))
      let (cy, cx) = (Double(size.height - 1) / 2, Double(size.width - 1) / 2)
      let (a, b, c, d) = (cosine * tall, -sine * wide, sine * tall, cosine * wide)
      (yy, yx, xy, xx) = (Float(a), Float(b), Float(c), Float(d))
      y0 = Float(cy - a * cy - b * cx + draw(augmentation.shift))
      x0 = Float(cx - c * cy - d * cx + draw(augmentation.shift))
    }

    func sample<S: Scalar>(
      _ map: UnsafePointer<S>, _ size: Size2D, into out: UnsafeMutablePointer<S>
    ) {
      let (bottom, right) = (size.height - 1, size.width - 1)
      for i in 0..<size.height {
        for j in 0..<size.width {
          let y = min(max(yy * Float(i) + yx * Float(j) + y0, 0), Float(bottom))
          let x = min(max(xy * Float(i) + xx * Float(j) + x0, 0), Float(right))
          let (top, left) = (Int(y), Int(x))
          let (down, across) = (S(y - Float(top)), S(x - Float(left)))
          let upper = map + top * size.width
          let lower = map + min(top + 1, bottom) * size.width
          let next = min(left + 1, right)
          let above = upper[left] + across * (upper[next] - upper[left])
          let below = lower[left] + across * (lower[next] - lower[left])
          out[i * size.width + j] = above + down * (below - above)
        }
      }
    }
  }
}
