/// The printable stand-ins for bytes that byte-level tokenizers use (GPT-2): a byte that is a
/// printable Latin-1 character stands for itself, the other 68 are U+0100 and up in their order, so
/// a space is "Ġ".
enum ByteAlphabet {
  /// The scalar of each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (0...255).map { (byte: UInt32) in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  /// The UTF-8 of each byte's scalar.
  static let texts: [[UInt8]] = scalars.map { scalar in
    var text: [UInt8] = []
    UTF8Step.append(scalar, to: &text)
    return text
  }

  /// The byte of each scalar below 0x144, -1 where none has it.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
    return bytes
  }()

  /// The byte that a scalar stands for.
  static func byte(of scalar: UInt32) -> UInt8? {
    guard scalar < 0x144, bytes[Int(scalar)] >= 0 else { return nil }
    return UInt8(bytes[Int(scalar)])
  }

  /// The bytes that a text of the alphabet stands for; nil where it has another scalar.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    Array(text).withUnsafeBufferPointer { text in
      var decoded: [UInt8] = []
      var i = 0
      while i < text.count {
        let (scalar, end) = UTF8Step.scalar(at: i, in: text)
        guard let byte = byte(of: scalar) else { return nil }
        decoded.append(byte)
        i = end
      }
      return decoded
    }
  }
}
