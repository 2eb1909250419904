/// Steps through well-formed UTF-8.
enum UTF8Step {
  /// How many bytes the scalar has that begins with `byte`.
  @inline(__always)
  static func length(_ byte: UInt8) -> Int {
    byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
  }

  /// The scalar at `i` and where it ends.
  @inline(__always)
  static func scalar(at i: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (value: UInt32, end: Int) {
    let first = UInt32(bytes[i])
    if first < 0x80 { return (first, i + 1) }
    let second = UInt32(bytes[i + 1] & 0x3F)
    if first < 0xE0 { return ((first & 0x1F) << 6 | second, i + 2) }
    let third = UInt32(bytes[i + 2] & 0x3F)
    if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, i + 3) }
    let fourth = UInt32(bytes[i + 3] & 0x3F)
    return ((first & 0x07) << 18 | second << 12 | third << 6 | fourth, i + 4)
  }

  /// Where the scalar that ends at `end` begins.
  @inline(__always)
  static func start(before end: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var i = end - 1
    while i > 0, bytes[i] & 0xC0 == 0x80 { i -= 1 }
    return i
  }

  /// Appends a scalar's bytes.
  @inline(__always)
  static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: scalar))
      return
    }
    let low = { (shift: UInt32) in UInt8(truncatingIfNeeded: 0x80 | (scalar >> shift) & 0x3F) }
    if scalar < 0x800 {
      bytes.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
    } else {
      if scalar < 0x10000 {
        bytes.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      } else {
        bytes.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
        bytes.append(low(12))
      }
      bytes.append(low(6))
    }
    bytes.append(low(0))
  }
}
