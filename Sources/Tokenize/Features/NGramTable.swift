/// The n-grams that are features, as a trie: what a runner walks, and what a model file keeps.
struct NGramTable: Sendable {
  /// Symbols of all n-grams, one after the other, in the order of their ids.
  private(set) var grams: [Int32] = []
  /// N-gram `i` is `grams[ends[i - 1]..<ends[i]]`.
  private(set) var ends: [Int] = []
  private(set) var symbols = SymbolTable()
  private(set) var trie = TransitionTable()
  /// For each node of the trie, the id of the n-gram that ends there, or -1.
  private(set) var features: [Int32] = [-1]

  /// The number of features F.
  var count: Int { ends.count }

  func range(_ i: Int) -> Range<Int> { (i == 0 ? 0 : ends[i - 1])..<ends[i] }

  mutating func intern(_ token: UnsafeBufferPointer<UInt8>) throws -> Int32 {
    try symbols.insert(token)
  }

  /// Adds an n-gram, whose tokens were interned, with the next id.
  /// - Returns: Whether it is new.
  mutating func append(_ gram: ArraySlice<Int32>) throws -> Bool {
    var node: Int32 = 0
    for symbol in gram { node = try insert(symbol, after: node) }
    guard name(node) else { return false }
    grams.append(contentsOf: gram)
    ends.append(grams.count)
    return true
  }

  /// The child of `node` along `symbol`, made where there is none.
  private mutating func insert(_ symbol: Int32, after node: Int32) throws -> Int32 {
    let (child, isNew) = try trie.insert(node, symbol)
    if isNew { features.append(-1) }
    return child
  }

  /// Gives the n-gram that ends at `node` the next id; false where it has one.
  private mutating func name(_ node: Int32) -> Bool {
    guard features[Int(node)] < 0 else { return false }
    features[Int(node)] = Int32(truncatingIfNeeded: count)
    return true
  }
}

// MARK: Resources

extension NGramTable {
  /// The count F (UInt32, little-endian); then each n-gram in the order of ids: n (one byte), and
  /// its n symbols, each an unsigned LEB128 number: 0 is the begin mark, 1 the end mark, L + 2 a
  /// token of the L bytes that follow. So tokens of any bytes, NUL included, stand unambiguously.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt32(truncatingIfNeeded: count))
    for i in 0..<count {
      let range = range(i)
      writer.bytes.append(UInt8(truncatingIfNeeded: range.count))
      for symbol in grams[range] { Self.write(symbol, of: symbols, to: &writer) }
    }
    return writer.bytes
  }

  /// Writes one symbol as `encoded` does.
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
    var reader = ByteReader(bytes, resource: resource)
    let count = Int(try reader.uint32())
    // The least n-gram has two bytes.
    guard count <= reader.remaining / 2, count < Int(Int32.max) else {
      throw reader.error("\(count) n-grams do not fit the size of the resource")
    }
    trie.reserve(count)
    features.reserveCapacity(count + 1)
    ends.reserveCapacity(count)
    grams.reserveCapacity(count * lengths.upperBound)
    var byteSymbols = [Int32](repeating: SymbolTable.none, count: 256)
    // The nodes along the n-gram before: the order makes most of them serve the next one too.
    var path = [Int32](repeating: 0, count: lengths.upperBound + 1)
    var previous = 0..<0
    for _ in 0..<count {
      let begin = reader.offset
      let n = Int(try reader.uint8())
      guard lengths.contains(n) else { throw reader.error("an n-gram of \(n) symbols") }
      let last = ends.isEmpty ? 0..<0 : range(ends.count - 1)
      var shared = 0
      for place in 0..<n {
        let symbol = try symbol(at: place, of: n, from: &reader, &byteSymbols)
        grams.append(symbol)
        if shared == place, place < last.count, grams[last.lowerBound + place] == symbol {
          shared += 1
          continue
        }
        path[place + 1] = try insert(symbol, after: path[place])
      }
      guard name(path[n]) else { throw reader.error("an n-gram stands twice") }
      ends.append(grams.count)
      guard reader.isAscending(previous, begin..<reader.offset) else {
        throw reader.error("n-grams are out of order")
      }
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
