/// The n-grams that are features, as a trie: what a runner walks, and what a model file keeps.
struct NGramTable: Sendable {
  /// What a model file keeps: the count F (UInt32, little-endian); then each n-gram in the order of
  /// ids: n (one byte), and its n symbols, each an unsigned LEB128 number: 0 is the begin mark, 1 the
  /// end mark, L + 2 a token of the L bytes that follow. So tokens of any bytes, NUL included, stand
  /// unambiguously.
  private(set) var encoded: [UInt8] = [0, 0, 0, 0]
  /// The number of features F.
  private(set) var count = 0
  private(set) var symbols = SymbolTable()
  private(set) var trie = TransitionTable()
  /// For each node of the trie, the id of the n-gram that ends there, or -1.
  private(set) var features: [Int32] = [-1]

  init() {}

  mutating func intern(_ token: UnsafeBufferPointer<UInt8>) throws -> Int32 {
    try symbols.insert(token)
  }

  /// Adds an n-gram, whose tokens were interned, with the next id.
  /// - Returns: Whether it is new.
  mutating func append(_ gram: [Int32]) throws -> Bool {
    var node: Int32 = 0
    for symbol in gram { node = try insert(symbol, after: node) }
    guard features[Int(node)] < 0 else { return false }
    name(node)
    var writer = ByteWriter()
    writer.append(UInt32(truncatingIfNeeded: count))
    encoded.replaceSubrange(..<4, with: writer.bytes)
    writer.bytes = [UInt8(truncatingIfNeeded: gram.count)]
    for symbol in gram { Self.write(symbol, of: symbols, to: &writer) }
    encoded += writer.bytes
    return true
  }

  /// The child of `node` along `symbol`, made where there is none.
  private mutating func insert(_ symbol: Int32, after node: Int32) throws -> Int32 {
    let (child, isNew) = try trie.insert(node, symbol)
    if isNew { features.append(-1) }
    return child
  }

  /// Gives the n-gram that ends at `node` the next id.
  private mutating func name(_ node: Int32) {
    features[Int(node)] = Int32(truncatingIfNeeded: count)
    count += 1
  }
}

// MARK: Resources

extension NGramTable {
  /// Writes one symbol as `encoded` has it.
  static func write(_ symbol: Int32, of symbols: SymbolTable, to writer: inout ByteWriter) {
    guard symbol >= SymbolTable.firstToken else { return writer.append(varint: Int(symbol)) }
    let bytes = symbols.bytes(symbol)
    writer.append(varint: bytes.count + Int(SymbolTable.firstToken))
    writer.bytes.append(contentsOf: bytes)
  }

  /// Reads what `encoded` gave, and checks all of it: sizes, order, that marks stand only where
  /// they can, and that every n lies in `lengths`.
  /// - Throws: `TokenizeError.malformedResource`.
  init(encoded bytes: [UInt8], lengths: ClosedRange<Int>, resource: String) throws {
    encoded = bytes
    var reader = ByteReader(bytes, resource: resource)
    let size = Int(try reader.uint32())
    // The least n-gram has two bytes.
    guard size <= reader.remaining / 2, size < Int(Int32.max) else {
      throw reader.error("\(size) n-grams do not fit the size of the resource")
    }
    trie.reserve(size)
    features.reserveCapacity(size + 1)
    var byteSymbols = [Int32](repeating: SymbolTable.none, count: 256)
    // Of the n-gram before: its bytes, n, and after each symbol the bytes so far and the node. The
    // order makes it begin as the next one does, mostly in all symbols but the last.
    var previous = 0..<0
    var n = 0
    var ends = [Int](repeating: 1, count: lengths.upperBound + 1)
    var path = [Int32](repeating: 0, count: lengths.upperBound + 1)
    for _ in 0..<size {
      let begin = reader.offset
      let common = reader.commonPrefix(with: previous)
      guard common < previous.count || previous.isEmpty else {
        throw reader.error("an n-gram stands twice")
      }
      var place = 0
      if common > 0 {
        // No symbol's bytes begin another's, so equal bytes are equal symbols.
        while ends[place + 1] <= common { place += 1 }
        reader.skip(ends[place])
      } else {
        n = Int(try reader.uint8())
        guard lengths.contains(n) else { throw reader.error("an n-gram of \(n) symbols") }
      }
      for place in place..<n {
        let symbol = try symbol(at: place, of: n, from: &reader, &byteSymbols)
        path[place + 1] = try insert(symbol, after: path[place])
        ends[place + 1] = reader.offset - begin
      }
      name(path[n])
      guard
        previous.isEmpty
          || bytes[previous.lowerBound + common] < bytes[begin + common]
      else { throw reader.error("n-grams are out of order") }
      previous = begin..<reader.offset
    }
    guard reader.remaining == 0 else { throw reader.error("bytes follow the last n-gram") }
  }

  private mutating func symbol(
    at place: Int, of n: Int, from reader: inout ByteReader, _ byteSymbols: inout [Int32]
  ) throws -> Int32 {
    let number = try reader.varint()
    switch number {
    case Int(SymbolTable.begin):
      guard place == 0, n > 1 else { throw reader.error("a begin mark inside or alone") }
      return SymbolTable.begin
    case Int(SymbolTable.end):
      guard place == n - 1 else { throw reader.error("an end mark inside an n-gram") }
      return SymbolTable.end
    default:
      let length = number - Int(SymbolTable.firstToken)
      return try reader.withBytes(length) { token in
        guard token.count == 1 else { return try intern(token) }
        let known = byteSymbols[Int(token[0])]
        if known != SymbolTable.none { return known }
        let symbol = try intern(token)
        byteSymbols[Int(token[0])] = symbol
        return symbol
      }
    }
  }
}
