/// An array as NumPy saved it: row-major, little-endian.
public struct NPYArray: Sendable, Hashable {
  public let element: ArrayElement
  public let shape: [Int]
  public let bytes: [UInt8]

  /// The number of elements.
  public var count: Int { bytes.count / element.size }

  /// The elements as whole numbers; `nil` where the array is of floats.
  public var integers: [Int]? {
    switch element {
    case .bool, .uint8: bytes.map { Int($0) }
    case .int32: load(UInt32.self).map { Int(Int32(bitPattern: $0)) }
    case .int64: load(UInt64.self).map { Int(Int64(bitPattern: $0)) }
    case .float32, .float64: nil
    }
  }

  /// The elements as floats; `nil` where the array is of whole numbers.
  public var doubles: [Double]? {
    switch element {
    case .float32: load(UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .float64: load(UInt64.self).map { Double(bitPattern: $0) }
    case .bool, .uint8, .int32, .int64: nil
    }
  }

  private func load<Bits: FixedWidthInteger>(_ type: Bits.Type) -> [Bits] {
    bytes.withUnsafeBytes { raw in
      (0..<count).map { i in
        Bits(
          littleEndian: raw.loadUnaligned(
            fromByteOffset: i * MemoryLayout<Bits>.size, as: Bits.self))
      }
    }
  }
}
