import Glibc

/// Counts in ascending order of their tokens' bytes, one after the other.
protocol CountSource: AnyObject {
  /// Goes to the next token.
  /// - Returns: `false` after the last.
  func advance() throws -> Bool

  var token: [UInt8] { get }
  var count: UInt64 { get }
}

/// The order of tokens in every count file: by bytes, a prefix before what goes on.
enum TokenOrder {
  @inline(__always)
  static func precedes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    let shared = min(a.count, b.count)
    if shared > 0, let a = a.baseAddress, let b = b.baseAddress {
      let order = memcmp(a, b, shared)
      if order != 0 { return order < 0 }
    }
    return a.count < b.count
  }

  static func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { precedes(a, $0) } }
  }

  /// The first eight bytes as a number that sorts as they do.
  @inline(__always)
  static func prefix(_ token: UnsafeBufferPointer<UInt8>) -> UInt64 {
    if token.count >= 8 {
      return UInt64(bigEndian: UnsafeRawBufferPointer(token).loadUnaligned(as: UInt64.self))
    }
    var prefix: UInt64 = 0
    for byte in token { prefix = prefix << 8 | UInt64(byte) }
    return token.isEmpty ? 0 : prefix << UInt64(8 * (8 - token.count))
  }
}
