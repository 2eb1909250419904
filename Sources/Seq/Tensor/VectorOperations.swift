import Glibc

extension Double {
  public static func exp(_ x: Double) -> Double { Glibc.exp(x) }
  public static func log(_ x: Double) -> Double { Glibc.log(x) }
  public static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
}

extension Double: Scalar {}

extension Scalar {
  public static func add(
    _ x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>, count: Int
  ) {
    for i in 0..<count { y[i] += x[i] }
  }

  public static func scale(_ x: UnsafeMutablePointer<Self>, by factor: Self, count: Int) {
    for i in 0..<count { x[i] *= factor }
  }

  public static func applyTanh(_ x: UnsafeMutablePointer<Self>, count: Int) {
    for i in 0..<count { x[i] = tanh(x[i]) }
  }

  /// y = max(x, y), and rows = `row` where x is the larger.
  public static func maximum(
    _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, count: Int, row: Int32,
    rows: UnsafeMutablePointer<Int32>?
  ) {
    for i in 0..<count where x[i] > y[i] {
      y[i] = x[i]
      rows?[i] = row
    }
  }

  public static func sumOfSquares(_ x: UnsafePointer<Self>, count: Int) -> Double {
    var sum = 0.0
    for i in 0..<count { sum += Double(x[i]) * Double(x[i]) }
    return sum
  }

  /// y[j] += sum over i of x[i, j]
  public static func addRows(
    _ x: UnsafePointer<Self>, rows: Int, columns: Int, ld: Int, to y: UnsafeMutablePointer<Self>
  ) {
    for i in 0..<rows {
      for j in 0..<columns { y[j] += x[i * ld + j] }
    }
  }

  /// x[i, j] -= log(sum over j of e^x[i, j]), with the largest element taken out first.
  public static func logSoftmax(_ x: UnsafeMutablePointer<Self>, rows: Int, columns: Int) {
    for i in 0..<rows {
      let row = x + i * columns
      var largest = row[0]
      for j in 1..<max(1, columns) { largest = max(largest, row[j]) }
      var sum: Self = 0
      for j in 0..<columns { sum += exp(row[j] - largest) }
      let shift = largest + log(sum)
      for j in 0..<columns { row[j] -= shift }
    }
  }
}

/// Sums in Double, in a fixed order: four side by side, for one alone would wait for each addition.
extension Scalar {
  /// Σ x_i
  static func sum(_ x: UnsafePointer<Self>, count: Int) -> Double {
    sum(count) { Double(x[$0]) }
  }

  /// Σ (x_i - center)^2
  static func sumOfSquares(
    _ x: UnsafePointer<Self>, around center: Self, count: Int
  ) -> Double {
    sum(count) {
      let difference = Double(x[$0] - center)
      return difference * difference
    }
  }

  /// Σ x_i y_i
  static func dot(_ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, count: Int) -> Double {
    sum(count) { Double(x[$0]) * Double(y[$0]) }
  }

  @inline(__always)
  private static func sum(_ count: Int, _ term: (Int) -> Double) -> Double {
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    let even = count & ~3
    for i in stride(from: 0, to: even, by: 4) {
      a += term(i)
      b += term(i + 1)
      c += term(i + 2)
      d += term(i + 3)
    }
    for i in even..<count { a += term(i) }
    return (a + b) + (c + d)
  }
}
