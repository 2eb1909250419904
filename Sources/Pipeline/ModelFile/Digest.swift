internal import Crypto

/// SHA-256, as lower-case hexadecimal digits.
public enum Digest {
  /// The digest of bytes in memory.
  public static func sha256(_ bytes: some Sequence<UInt8>) -> String {
    let digest =
      bytes.withContiguousStorageIfAvailable { sha256(of: [UnsafeRawBufferPointer($0)]) }
    return digest ?? Array(bytes).withUnsafeBytes { sha256(of: [$0]) }
  }

  /// The digest of several pieces, one after the other.
  static func sha256(of pieces: [UnsafeRawBufferPointer]) -> String {
    var hash = SHA256()
    for piece in pieces { hash.update(bufferPointer: piece) }
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in hash.finalize() {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
