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
