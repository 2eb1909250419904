/// What becomes of a token that a vocabulary lacks.
public enum UnknownRule: String, Codable, Sendable, CaseIterable {
  /// The run fails and names the token.
  case error
  /// It becomes `<unk>`.
  case unknown
  /// It is left out.
  case skip
  /// Its fold (lower case, NFKD, marks dropped) is tried, then `<unk>`.
  case fold
  /// It becomes its bytes: one of the tokens `<0x00>` to `<0xFF>`, pinned behind the special
  /// tokens, for each.
  case bytes
  /// It becomes one of the tokens `<hash:0>`, `<hash:1>`, ..., pinned behind the special tokens, by
  /// a hash of its bytes (FNV-1a, 64 bits) that is the same in every process.
  case hash

  /// The tokens that the rule pins behind the special ones.
  func pinnedTokens(buckets: Int) -> [String] {
    switch self {
    case .error, .unknown, .skip, .fold: []
    case .bytes:
      (0...255).map { (byte: Int) in
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.utf8.count == 1 ? "<0x0\(digits)>" : "<0x\(digits)>"
      }
    case .hash: (0..<buckets).map { "<hash:\($0)>" }
    }
  }

  /// The bucket of a token: FNV-1a (Fowler, Noll, Vo), stirred once more and scaled to the range.
  static func bucket(of token: UnsafeBufferPointer<UInt8>, among buckets: Int) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in token { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    // The last steps of FNV stir the upper bits too little for short tokens.
    hash ^= hash >> 32
    let product = (hash &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: UInt64(buckets))
    return Int(product.high)
  }
}
