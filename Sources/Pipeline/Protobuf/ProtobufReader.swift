/// Reads a message in the wire format of Protocol Buffers, field by field, with every length checked
/// against what is left. Groups, long since deprecated, are refused.
package struct ProtobufReader {
  /// A value as it stands on the wire.
  package enum Value {
    case varint(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    case bytes(Range<Int>)
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let end: Int
  package private(set) var offset: Int

  package init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.bytes = bytes
    offset = range.lowerBound
    end = range.upperBound
  }

  /// A message is not what the format says.
  package struct Fault: Error {
    package let offset: Int
    package let problem: String

    package init(offset: Int, problem: String) {
      self.offset = offset
      self.problem = problem
    }
  }

  /// The next field's number and value; nil at the end of the message.
  package mutating func next() throws(Fault) -> (field: Int, value: Value)? {
    guard offset < end else { return nil }
    let key = try varint()
    let field = Int(truncatingIfNeeded: key >> 3)
    guard field > 0, key >> 3 < 1 << 29 else { throw fault("a field has no number") }
    switch key & 7 {
    case 0: return (field, .varint(try varint()))
    case 1: return (field, .fixed64(try fixed(8)))
    case 2:
      let length = try varint()
      guard length <= UInt64(end - offset) else { throw fault("a field is longer than the file") }
      let start = offset
      offset += Int(length)
      return (field, .bytes(start..<offset))
    case 5: return (field, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
    default: throw fault("a field has an unknown type")
    }
  }

  private func fault(_ problem: String) -> Fault { Fault(offset: offset, problem: problem) }

  private mutating func varint() throws(Fault) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard offset < end else { throw fault("the file ends too early") }
      let byte = bytes[offset]
      offset += 1
      guard shift < 63 || byte < 2 else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw fault("a number is longer than 64 bits")
  }

  private mutating func fixed(_ count: Int) throws(Fault) -> UInt64 {
    guard end - offset >= count else { throw fault("the file ends too early") }
    defer { offset += count }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }
}
