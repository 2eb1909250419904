/// The CRC-32 of zip files (polynomial 0xEDB88320, reflected), which can be taken in parts.
struct CRC32 {
  private(set) var value: UInt32 = 0

  /// Adds bytes, one table look-up each for eight at a time.
  mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    var crc = ~value
    Self.tables.withUnsafeBufferPointer { table in
      var i = 0
      while i + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
        let low = UInt32(truncatingIfNeeded: word) ^ crc
        let high = UInt32(truncatingIfNeeded: word >> 32)
        crc = 0
        for byte in 0..<4 {
          let shift = UInt32(8 * byte)
          crc ^= table[(7 - byte) << 8 | Int(low >> shift & 0xFF)]
          crc ^= table[(3 - byte) << 8 | Int(high >> shift & 0xFF)]
        }
        i += 8
      }
      while i < bytes.count {
        crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[i])) & 0xFF)]
        i += 1
      }
    }
    value = ~crc
  }

  /// The CRC of a text followed by another of `count` bytes: the first's is multiplied by x^(8 count)
  /// modulo the polynomial (zlib's `crc32_combine`). O(log count).
  static func joined(_ first: CRC32, _ second: CRC32, count: Int) -> CRC32 {
    var factor: UInt32 = 1 << 31
    var square: UInt32 = 1 << 30
    for _ in 0..<3 { square = product(square, square) }
    var rest = count
    while rest > 0 {
      if rest & 1 == 1 { factor = product(square, factor) }
      square = product(square, square)
      rest >>= 1
    }
    var result = CRC32()
    result.value = product(factor, first.value) ^ second.value
    return result
  }

  private static let polynomial: UInt32 = 0xEDB8_8320

  /// The product of two polynomials modulo the polynomial; the highest bit is x^0.
  private static func product(_ a: UInt32, _ b: UInt32) -> UInt32 {
    var result: UInt32 = 0
    var b = b
    for bit in stride(from: 31, through: 0, by: -1) {
      if a >> UInt32(bit) & 1 == 1 { result ^= b }
      b = b & 1 == 1 ? b >> 1 ^ polynomial : b >> 1
    }
    return result
  }

  /// Eight tables of 256: table k is for a byte that k bytes follow.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ polynomial : crc >> 1 }
      tables[byte] = crc
    }
    for i in 256..<tables.count {
      tables[i] = tables[i - 256] >> 8 ^ tables[Int(tables[i - 256] & 0xFF)]
    }
    return tables
  }()
}
