import Glibc

/// Probabilities in millionths, rounded toward zero, so that a row of them sums to at most 1.
struct Probability: Equatable, Comparable {
  let millionths: Int

  /// - Parameter log: a natural logarithm, not NaN.
  init(log: Float) {
    let scaled = exp(Double(log)) * 1_000_000
    millionths = Int(min(max(scaled, 0), 1_000_000))
  }

  static func < (a: Probability, b: Probability) -> Bool { a.millionths < b.millionths }

  /// `0.123456`: always six digits after the point.
  func append(to output: inout [UInt8]) {
    output.append(UInt8(ascii: "0") + UInt8(millionths / 1_000_000))
    output.append(UInt8(ascii: "."))
    var scale = 100_000
    while scale > 0 {
      output.append(UInt8(ascii: "0") + UInt8(millionths / scale % 10))
      scale /= 10
    }
  }
}
