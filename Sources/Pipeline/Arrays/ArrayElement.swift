/// The element types of arrays that are written for NumPy, named as in its headers: little-endian.
public enum ArrayElement: String, Sendable, Hashable, CaseIterable {
  case bool = "|b1"
  case uint8 = "|u1"
  case int32 = "<i4"
  case int64 = "<i8"
  case float32 = "<f4"
  case float64 = "<f8"

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .bool, .uint8: 1
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }
}
