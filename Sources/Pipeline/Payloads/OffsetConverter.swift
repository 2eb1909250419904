/// Turns byte offsets into a record into offsets of another unit.
public struct OffsetConverter {
  private let unit: OffsetUnit
  /// For each byte of the record and for its end, the offset there; empty where bytes are counted,
  /// or where every byte is a scalar.
  private var offsets: [UInt32] = []

  public init(_ unit: OffsetUnit) { self.unit = unit }

  /// Takes the next record, well-formed UTF-8. O(bytes).
  public mutating func take(_ record: ArraySlice<UInt8>) {
    offsets.removeAll(keepingCapacity: true)
    guard unit != .byte, record.contains(where: { $0 >= 0x80 }) else { return }
    offsets.reserveCapacity(record.count + 1)
    var offset: UInt32 = 0
    for byte in record {
      // Within a scalar, where no border is, stands the offset of its end.
      offsets.append(offset)
      if byte & 0xC0 != 0x80 { offset += unit == .utf16 && byte >= 0xF0 ? 2 : 1 }
    }
    offsets.append(offset)
  }

  /// The offset in the unit of a byte offset into the record.
  public func callAsFunction(_ offset: UInt32) -> UInt32 {
    offsets.isEmpty ? offset : offsets[min(Int(offset), offsets.count - 1)]
  }
}
