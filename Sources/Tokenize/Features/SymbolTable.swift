/// The symbols that n-grams are made of: a begin mark, an end mark, and tokens (folded on request).
struct SymbolTable: Sendable {
  static let begin: Int32 = 0
  static let end: Int32 = 1
  static let firstToken: Int32 = 2
  /// Stands for every token that no n-gram has.
  static let none: Int32 = -1

  private(set) var tokens = ByteStringTable()

  /// The bytes of a token's symbol.
  func bytes(_ symbol: Int32) -> ArraySlice<UInt8> { tokens[Int(symbol - Self.firstToken)] }

  func find(_ token: UnsafeBufferPointer<UInt8>) -> Int32 {
    let id = tokens.find(token)
    return id < 0 ? Self.none : id + Self.firstToken
  }

  mutating func insert(_ token: UnsafeBufferPointer<UInt8>) throws -> Int32 {
    let id = try tokens.insert(token).id
    guard id < Int32.max - Self.firstToken else {
      throw TokenizeError.tableTooLarge("a table of tokens")
    }
    return id + Self.firstToken
  }
}

/// Remembers which symbol a token (not folded) has, because folding is slow and tokens recur.
/// Bounded: a stream of ever new tokens makes it start afresh, not grow.
struct SymbolCache {
  private static let largestCount = 1 << 16
  private static let largestSize = 1 << 22
  /// Not a symbol: the byte has not been asked for yet.
  private static let unasked: Int32 = -2

  private var byteSymbols = [Int32](repeating: unasked, count: 256)
  private var known = ByteStringTable()
  private var symbols: [Int32] = []

  /// The symbol of `token`; `look` is asked where it is not known yet.
  @inline(__always)
  mutating func symbol(
    of token: UnsafeBufferPointer<UInt8>, _ look: (UnsafeBufferPointer<UInt8>) throws -> Int32
  ) rethrows -> Int32 {
    if token.count == 1 {
      let symbol = byteSymbols[Int(token[0])]
      if symbol != Self.unasked { return symbol }
    } else {
      let id = known.find(token)
      if id >= 0 { return symbols[Int(id)] }
    }
    let symbol = try look(token)
    remember(token, symbol)
    return symbol
  }

  private mutating func remember(_ token: UnsafeBufferPointer<UInt8>, _ symbol: Int32) {
    if token.count == 1 {
      byteSymbols[Int(token[0])] = symbol
      return
    }
    if known.count >= Self.largestCount || known.bytes.count + token.count > Self.largestSize {
      known.removeAll()
      symbols.removeAll(keepingCapacity: true)
    }
    // A token larger than the whole cache is looked up each time.
    guard token.count <= Self.largestSize, (try? known.insert(token))?.isNew == true else { return }
    symbols.append(symbol)
  }
}
