import Crypto

/// Rows of numbers in order of time: what a forecaster is trained and judged on.
public struct Series: Sendable, Hashable {
  /// The names of the D columns, as they were asked for.
  public let columns: [String]
  /// T rows of D numbers.
  public let values: [Double]

  /// - Precondition: there are whole rows.
  public init(columns: [String], values: [Double]) {
    precondition(!columns.isEmpty && values.count % columns.count == 0, "rows of unequal lengths")
    self.columns = columns
    self.values = values
  }

  /// T.
  public var count: Int { values.count / columns.count }

  /// D.
  public var width: Int { columns.count }

  /// Column `d` at all rows.
  public func column(_ d: Int) -> [Double] {
    stride(from: d, to: values.count, by: width).map { values[$0] }
  }

  /// Some rows.
  public subscript(rows: Range<Int>) -> Series {
    Series(
      columns: columns,
      values: Array(values[rows.lowerBound * width..<rows.upperBound * width]))
  }

  /// The SHA-256, in hexadecimal, of all numbers as 64-bit floats, little-endian.
  public var digest: String {
    var hash = SHA256()
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}
