/// The White_Space property of Unicode (25 scalars; PropList.txt), on bytes. A test compares it with
/// ICU over all scalars.
enum WhiteSpace {
  /// How many bytes the white space scalar at `i` has; 0 where another scalar stands there.
  @inline(__always)
  static func length(at i: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let byte = bytes[i]
    if byte < 0x80 { return byte == 0x20 || (0x09...0x0D).contains(byte) ? 1 : 0 }
    guard byte == 0xC2 || (0xE1...0xE3).contains(byte) else { return 0 }
    return lengthBeyondASCII(at: i, in: bytes)
  }

  private static func lengthBeyondASCII(at i: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard i + 1 < bytes.count else { return 0 }
    let second = bytes[i + 1]
    if bytes[i] == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
    guard i + 2 < bytes.count else { return 0 }
    let third = bytes[i + 2]
    let isSpace =
      switch (bytes[i], second) {
      case (0xE1, 0x9A): third == 0x80
      case (0xE2, 0x80): third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF
      case (0xE2, 0x81): third == 0x9F
      case (0xE3, 0x80): third == 0x80
      default: false
      }
    return isSpace ? 3 : 0
  }

  /// The end of the run of white space that begins at `begin`, which may be empty.
  @inline(__always)
  static func end(of begin: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var i = begin
    while i < bytes.count {
      let length = length(at: i, in: bytes)
      if length == 0 { break }
      i += length
    }
    return i
  }

  /// Where the white space begins that ends the text; 0 where there is nothing else.
  static func endOfText(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var end = bytes.count
    while end > 0 {
      var start = end - 1
      while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      if length(at: start, in: bytes) != end - start { break }
      end = start
    }
    return end
  }

  /// Whether the text is white space alone.
  static func fills(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    end(of: 0, in: bytes) == bytes.count
  }
}
