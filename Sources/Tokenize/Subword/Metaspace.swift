/// U+2581 LOWER ONE EIGHTH BLOCK, which stands for a space in tokens.
enum Metaspace {
  static let scalar: UInt32 = 0x2581
  static let bytes: [UInt8] = [0xE2, 0x96, 0x81]

  /// Whether the scalar stands at `i`.
  @inline(__always)
  static func stands(at i: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes[i] == 0xE2 && i + 2 < bytes.count && bytes[i + 1] == 0x96 && bytes[i + 2] == 0x81
  }

  /// Whether the scalar stands anywhere after another one.
  static func hasInnerBoundary(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { text in
      var i = 0
      while i < text.count, stands(at: i, in: text) { i += 3 }
      while i < text.count {
        if stands(at: i, in: text) { return true }
        i += UTF8Step.length(text[i])
      }
      return false
    }
  }

  /// Where the segment that begins at `start` ends: before the next U+2581 that follows another
  /// scalar.
  @inline(__always)
  static func segmentEnd(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var i = start
    while i < bytes.count, stands(at: i, in: bytes) { i += 3 }
    while i < bytes.count, !stands(at: i, in: bytes) { i += 1 }
    return i
  }
}
