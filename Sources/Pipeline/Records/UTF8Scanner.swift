/// Finds malformed UTF-8 (Unicode Standard, chapter 3, table 3-7).
public enum UTF8Scanner {
  /// The length of the sequence that begins at `i` and whether it is well formed. A malformed one
  /// is as long as its *maximal subpart*: what stands for one U+FFFD.
  /// - Precondition: `i` is within `bytes`.
  @inline(__always)
  public static func sequence(in bytes: UnsafeBufferPointer<UInt8>, at i: Int) -> (
    length: Int, isValid: Bool
  ) {
    let lead = bytes[i]
    if lead < 0x80 { return (1, true) }
    let second: ClosedRange<UInt8>
    let length: Int
    switch lead {
    case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
    case 0xE0: (second, length) = (0xA0...0xBF, 3)
    case 0xED: (second, length) = (0x80...0x9F, 3)
    case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
    case 0xF0: (second, length) = (0x90...0xBF, 4)
    case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
    case 0xF4: (second, length) = (0x80...0x8F, 4)
    default: return (1, false)
    }
    guard i + 1 < bytes.count, second.contains(bytes[i + 1]) else { return (1, false) }
    var next = 2
    while next < length {
      guard i + next < bytes.count, bytes[i + next] & 0xC0 == 0x80 else { return (next, false) }
      next += 1
    }
    return (length, true)
  }

  /// The position of the first malformed sequence at or after `start`; `nil` where all is well.
  /// O(bytes), 32 bytes at a time through ASCII.
  public static func firstMalformed(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0
  ) -> Int? {
    let raw = UnsafeRawBufferPointer(bytes)
    var i = start
    while true {
      i = endOfASCII(in: bytes, from: i)
      // Text that is not ASCII comes in runs with single spaces between: stay in the slow loop.
      while i + 8 <= raw.count {
        let high = raw.loadUnaligned(fromByteOffset: i, as: UInt64.self).littleEndian & Self.high
        if high == 0 { break }
        i += high.trailingZeroBitCount / 8
        repeat {
          let length = wellFormedLength(bytes, at: i)
          if length == 0 { return i }
          i += length
        } while i < bytes.count && bytes[i] >= 0x80
      }
      while i < bytes.count, bytes[i] >= 0x80 {
        let length = wellFormedLength(bytes, at: i)
        if length == 0 { return i }
        i += length
      }
      if i == bytes.count { return nil }
    }
  }

  /// The length of the sequence that begins at `i`, which is not ASCII; 0 where it is malformed. The
  /// usual two or three bytes are judged at once.
  @inline(__always)
  private static func wellFormedLength(_ bytes: UnsafeBufferPointer<UInt8>, at i: Int) -> Int {
    let lead = bytes[i]
    if lead &- 0xC2 < 0x1E, i + 1 < bytes.count, bytes[i + 1] & 0xC0 == 0x80 { return 2 }
    if lead &- 0xE1 < 0x0C, i + 2 < bytes.count,
      bytes[i + 1] & 0xC0 == 0x80, bytes[i + 2] & 0xC0 == 0x80
    {
      return 3
    }
    let (length, isValid) = sequence(in: bytes, at: i)
    return isValid ? length : 0
  }

  /// The highest bit of each of eight bytes.
  private static let high: UInt64 = 0x8080_8080_8080_8080

  /// The end of the run of ASCII bytes that begins at `start`.
  private static func endOfASCII(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    var i = start
    while i + 32 <= raw.count {
      let a = raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      let b = raw.loadUnaligned(fromByteOffset: i + 8, as: UInt64.self)
      let c = raw.loadUnaligned(fromByteOffset: i + 16, as: UInt64.self)
      let d = raw.loadUnaligned(fromByteOffset: i + 24, as: UInt64.self)
      if (a | b | c | d) & high != 0 { break }
      i += 32
    }
    while i < bytes.count, bytes[i] < 0x80 { i += 1 }
    return i
  }

  /// Appends `bytes` with U+FFFD for every maximal subpart of a malformed sequence.
  /// - Returns: how many there were.
  @discardableResult
  public static func appendRepaired(
    _ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) -> Int {
    var count = 0
    var start = 0
    while let bad = firstMalformed(in: bytes, from: start) {
      output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<bad]))
      output.append(contentsOf: [0xEF, 0xBF, 0xBD])
      count += 1
      start = bad + sequence(in: bytes, at: bad).length
    }
    output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    return count
  }
}
