/// Reads a resource from front to back. Every read is checked against what remains.
struct ByteReader {
  private let bytes: [UInt8]
  private let resource: String
  private(set) var offset = 0

  init(_ bytes: [UInt8], resource: String) {
    self.bytes = bytes
    self.resource = resource
  }

  var remaining: Int { bytes.count - offset }

  func error(_ reason: String) -> TokenizeError {
    .malformedResource(resource: resource, offset: offset, reason: reason)
  }

  mutating func uint8() throws -> UInt8 {
    guard offset < bytes.count else { throw error("ends too early") }
    offset += 1
    return bytes[offset - 1]
  }

  /// A little-endian UInt32.
  mutating func uint32() throws -> UInt32 {
    guard remaining >= 4 else { throw error("ends too early") }
    defer { offset += 4 }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }

  /// An unsigned LEB128 number of at most 32 bits, in its shortest form.
  mutating func varint() throws -> Int {
    let first = try uint8()
    guard first >= 0x80 else { return Int(first) }
    var value = Int(first & 0x7F)
    for shift in stride(from: 7, to: 35, by: 7) {
      let byte = try uint8()
      value |= Int(byte & 0x7F) << shift
      guard byte < 0x80 else { continue }
      guard value <= Int(UInt32.max), byte != 0 else { break }
      return value
    }
    throw error("a length is not in its shortest form")
  }

  /// How many of the next bytes are those at `earlier`, from its begin on.
  func commonPrefix(with earlier: Range<Int>) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      let most = min(earlier.count, bytes.count - offset)
      var count = 0
      while count < most, bytes[earlier.lowerBound + count] == bytes[offset + count] { count += 1 }
      return count
    }
  }

  /// Passes over bytes of which it is known that they are there.
  mutating func skip(_ count: Int) { offset += count }

  /// Passes the next `count` bytes to `body`.
  mutating func withBytes<Result>(
    _ count: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) throws -> Result {
    guard count >= 0, count <= remaining else { throw error("ends too early") }
    let begin = offset
    offset += count
    return try bytes.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[begin..<begin + count]))
    }
  }
}

/// Writes what `ByteReader` reads.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func append(_ value: UInt32) {
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
    }
  }

  mutating func append(varint value: Int) {
    var rest = UInt64(value)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
