/// Byte facts that let most text skip ICU.
enum ASCII {
  /// Whether every byte is below 0x80. A plain OR loop, which the compiler turns into wide
  /// instructions, in blocks so that a long text with an early accent is left early.
  static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let block = 4096
    var begin = 0
    while begin < bytes.count {
      let end = min(begin + block, bytes.count)
      var union: UInt8 = 0
      for i in begin..<end { union |= bytes[i] }
      if union >= 0x80 { return false }
      begin = end
    }
    return true
  }

  /// Lowers the letters A to Z; other bytes stay. Plain arithmetic, which the compiler turns into
  /// wide instructions.
  static func lowercase(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
    for i in bytes.indices {
      let byte = bytes[i]
      bytes[i] = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
  }

  /// Lower case of every byte value; bytes from 0x80 stay.
  static let lowercase: [UInt8] = (0...255).map { (byte: UInt8) in
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
