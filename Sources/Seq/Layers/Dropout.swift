/// Dropout (Srivastava et al., 2014), inverted: in training each number is zeroed with probability p
/// and the others are multiplied by 1 / (1 - p), so inference does nothing.
public struct Dropout: Sendable, Hashable {
  /// p, in [0, 1).
  public let probability: Double

  public init(_ probability: Double) { self.probability = probability }

  /// A mask of zeros and 1 / (1 - p). The probability is exact to 2^-16.
  public func mask<S: Scalar>(
    _ shape: [Int], using random: inout RandomGenerator
  ) -> Tensor<S> {
    var mask = Tensor<S>(uninitialized: shape)
    let threshold = UInt64((probability * 65536).rounded())
    let kept = S(65536 / Double(65536 - threshold))
    let (values, count) = (mask.mutablePointer, mask.count)
    var bits: UInt64 = 0
    for i in 0..<count {
      if i & 3 == 0 { bits = random.next() }
      values[i] = bits & 0xFFFF < threshold ? 0 : kept
      bits >>= 16
    }
    return mask
  }
}

extension Tensor {
  /// Multiplies element by element.
  mutating func multiply(by mask: Tensor) {
    precondition(count == mask.count, "a mask of another size")
    let (x, m) = (mutablePointer, mask.pointer)
    for i in 0..<count { x[i] *= m[i] }
  }
}
