/// The digest of a whole model file, which stands in the file: it is taken with its own 64 digits
/// set to `0`.
enum ModelSeal {
  /// The metadata key of the digest.
  static let key = "sha256"
  static let length = 64
  static let blank = String(repeating: "0", count: length)

  /// Where the digits stand. In JSON a quote inside a text has a backslash before it, so these
  /// bytes can only be a key and the beginning of its text.
  static func find(in bytes: UnsafeRawBufferPointer, header: Range<Int>) -> Range<Int>? {
    let pattern = Array("\"\(key)\":\"".utf8)
    guard header.count >= pattern.count + length else { return nil }
    for start in header.lowerBound...header.upperBound - pattern.count - length
    where bytes[start] == pattern[0] {
      if bytes[start..<start + pattern.count].elementsEqual(pattern) {
        let first = start + pattern.count
        return first..<first + length
      }
    }
    return nil
  }

  /// The digest of the file with the digits at `digits` set to `0`.
  static func digest(_ bytes: UnsafeRawBufferPointer, digits: Range<Int>) -> String {
    Array(blank.utf8).withUnsafeBytes { zeros in
      Digest.sha256(of: [
        UnsafeRawBufferPointer(rebasing: bytes[..<digits.lowerBound]), zeros,
        UnsafeRawBufferPointer(rebasing: bytes[digits.upperBound...]),
      ])
    }
  }

  /// Puts the digest into a file that was written with a blank one.
  static func seal(_ bytes: inout [UInt8]) {
    let sealed = bytes.withUnsafeBytes { bytes -> (Range<Int>, String)? in
      let length = Int(bytes.loadUnaligned(as: UInt64.self))
      guard let digits = find(in: bytes, header: 8..<8 + length) else { return nil }
      return (digits, digest(bytes, digits: digits))
    }
    guard let (digits, digest) = sealed else {
      preconditionFailure("a model file is sealed only after its metadata has a blank digest")
    }
    bytes.replaceSubrange(digits, with: digest.utf8)
  }
}
