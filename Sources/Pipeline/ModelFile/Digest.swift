internal import Crypto
import Glibc

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
    return text(of: hash)
  }

  /// The digest of a range of a file, or of all of it, read block by block.
  /// - Throws: `PipelineError.cannotOpen`, `.cannotRead`.
  public static func sha256(ofFile path: String, range: Range<Int>? = nil) throws -> String {
    let end = range?.upperBound ?? .max
    let descriptor = retryingInterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw PipelineError.cannotOpen(file: path, code: errno) }
    defer { _ = close(descriptor) }
    var hash = SHA256()
    var place = range?.lowerBound ?? 0
    var block = [UInt8](repeating: 0, count: 256 << 10)
    while place < end {
      let limit = min(block.count, end - place)
      let count = block.withUnsafeMutableBytes { block in
        retryingInterrupted { pread(descriptor, block.baseAddress, limit, place) }
      }
      guard count >= 0 else { throw PipelineError.cannotRead(file: path, code: errno) }
      if count == 0 { break }
      block[..<count].withUnsafeBytes { hash.update(bufferPointer: $0) }
      place += count
    }
    return text(of: hash)
  }

  private static func text(of hash: SHA256) -> String {
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
