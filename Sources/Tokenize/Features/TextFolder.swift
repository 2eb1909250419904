import CICU

/// Folds a token for comparison: lower case (root locale), NFKD, lower case again (NFKD brings new
/// capitals to light: `℡` becomes `TEL`), nonspacing marks dropped, and the printer's apostrophes and
/// hyphens as the keyboard's (`’` as `'`, `–` as `-`). A token of which nothing would be left stays as
/// it is. Folding twice gives what folding once gives.
public struct TextFolder {
  private var first = RecordBuffer(tracksOffsets: false)
  private var second = RecordBuffer(tracksOffsets: false)

  public init() {}

  /// The fold of a token of well-formed UTF-8. A token that is not (one byte of a longer scalar)
  /// stays as it is.
  /// - Throws: `TokenizeError.icu` where ICU fails, for want of memory.
  public mutating func fold(_ token: some Sequence<UInt8>) throws -> [UInt8] {
    try Array(token).withUnsafeBufferPointer { try withFold(of: $0) { Array($0) } }
  }

  /// Passes the fold of `token` to `body`, without making an array of it.
  public mutating func withFold<Result>(
    of token: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) throws -> Result {
    if ASCII.isASCII(token) {
      first.removeAll()
      first.append(token, from: 0)
      first.withMutableBytes { ASCII.lowercase($0) }
      return try first.withBytes(body)
    }
    guard Self.isWellFormed(token) else { return try body(token) }
    try first.lowercase(token)
    try first.withBytes { try second.normalize($0, to: Int32(CICU_NFKD)) }
    try second.withBytes { try first.lowercase($0) }
    try first.withBytes { try second.copy($0, removing: Int(CICU_MASK_NONSPACING_MARK)) }
    if second.count == 0 { return try body(token) }
    return try second.withBytes(Self.plain).withUnsafeBufferPointer(body)
  }

  /// The bytes with U+2018, U+2019 and U+02BC as `'`, and U+2010 to U+2015 as `-`.
  private static func plain(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var i = 0
    while i < bytes.count {
      switch (bytes[i], bytes.dropFirst(i + 1).first, bytes.dropFirst(i + 2).first) {
      case (0xE2, 0x80, 0x98?), (0xE2, 0x80, 0x99?):
        result.append(UInt8(ascii: "'"))
        i += 3
      case (0xE2, 0x80, .some(0x90...0x95)):
        result.append(UInt8(ascii: "-"))
        i += 3
      case (0xCA, 0xBC, _):
        result.append(UInt8(ascii: "'"))
        i += 2
      default:
        result.append(bytes[i])
        i += 1
      }
    }
    return result
  }

  private static func isWellFormed(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
    String(validating: token, as: UTF8.self) != nil
  }
}

extension RecordBuffer {
  fileprivate mutating func lowercase(_ text: UnsafeBufferPointer<UInt8>) throws {
    try fill("change case", expecting: text.count + 16) {
      cicu_lowercase("", text.baseAddress, text.count, $0)
    }
  }
}
