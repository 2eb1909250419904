/// Writes a message in the wire format of Protocol Buffers, field by field: what `ProtobufReader`
/// reads. Fields stand in the order of the calls, so equal calls give equal bytes.
package struct ProtobufWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// A whole number, as `int32`, `int64`, `bool` and enumerations are written: a negative one takes
  /// ten bytes.
  package mutating func integer(_ field: Int, _ value: Int) {
    key(field, type: 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A `float`.
  package mutating func float(_ field: Int, _ value: Float) {
    key(field, type: 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  /// A `string`.
  package mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

  /// `bytes`.
  package mutating func data(_ field: Int, _ value: [UInt8]) {
    key(field, type: 2)
    varint(UInt64(value.count))
    bytes += value
  }

  /// A message within this one; O(its size).
  package mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    data(field, inner.bytes)
  }

  private mutating func key(_ field: Int, type: UInt64) {
    precondition(field > 0 && field < 1 << 29, "a field has a number from 1 to 2^29 - 1")
    varint(UInt64(field) << 3 | type)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
