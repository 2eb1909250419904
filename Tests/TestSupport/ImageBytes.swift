/// Files of images, made byte by byte as their formats say: no library of the program has a part in it.
public enum ImageBytes {
  /// An IDX file of bytes.
  public static func idx(_ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { big(UInt32($0)) } + elements
  }

  /// A binary PGM.
  public static func pgm(height: Int, width: Int, _ pixels: [UInt8]) -> [UInt8] {
    Array("P5\n\(width) \(height)\n255\n".utf8) + pixels
  }

  /// A PNG whose data are not compressed.
  ///
  /// - Parameters:
  ///   - colorType: as in its header: 0 grey, 2 RGB, 4 grey with alpha, 6 RGB with alpha.
  ///   - samples: 8-bit samples, row by row.
  public static func png(
    height: Int, width: Int, colorType: UInt8 = 0, _ samples: [UInt8]
  ) -> [UInt8] {
    let stride = samples.count / max(1, height)
    // Each row is led by the number of its filter: none.
    let rows = (0..<height).flatMap { [0] + samples[$0 * stride..<($0 + 1) * stride] }
    let header = big(UInt32(width)) + big(UInt32(height)) + [8, colorType, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + chunk("IDAT", [0x78, 0x01] + stored(rows) + big(adler32(rows))) + chunk("IEND", [])
  }

  /// The beginning of a gzip file with at least this many zeros, up to its checksum: runs of 258, 13 bits each.
  public static func gzipOfZeros(_ count: Int) -> [UInt8] {
    // RFC 1951, 3.2.6: the last block, by the fixed codes; a zero; then length 258, distance 1 ...
    var bits: [UInt8] = [1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
    let run: [UInt8] = [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0]
    for _ in 0..<count / 258 + 1 { bits += run }
    // ... and the end of the block.
    bits += [UInt8](repeating: 0, count: 7)
    let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<min(start + 8, bits.count)].reversed().reduce(UInt8(0)) { $0 << 1 | $1 }
    }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + bytes
  }

  /// A gzip file whose data are not compressed.
  public static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + stored(bytes) + big(crc32(bytes)).reversed()
      + big(UInt32(bytes.count)).reversed()
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return big(UInt32(data.count)) + body + big(crc32(body))
  }

  /// Stored blocks of DEFLATE (RFC 1951, section 3.2.4).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    for start in stride(from: 0, to: max(1, bytes.count), by: 65535) {
      let part = bytes[start..<min(start + 65535, bytes.count)]
      let (low, high) = (UInt8(part.count & 0xFF), UInt8(part.count >> 8))
      output += [start + 65535 >= bytes.count ? 1 : 0, low, high, ~low, ~high] + part
    }
    return output
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
