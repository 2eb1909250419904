/// Tokens that stand for one byte each, `<0x00>` to `<0xFF>`, in models without a byte alphabet.
enum ByteFallback {
  static func text(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      + [UInt8(ascii: ">")]
  }

  /// The byte that a token stands for, if it is one of these.
  static func byte(of text: [UInt8]) -> UInt8? {
    guard text.count == 6, text.starts(with: "<0x".utf8), text[5] == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: text[3..<5], as: UTF8.self), radix: 16)
  }
}
