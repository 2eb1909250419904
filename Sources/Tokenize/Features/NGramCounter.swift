import Pipeline

/// Counts the n-grams of training data and keeps those that become features.
struct NGramCounter {
  private let options: NGramFeatures.Options
  private var symbols = SymbolTable()
  private var trie = TransitionTable()
  /// For each node: how often its n-gram was seen, its parent, and the symbol that leads to it.
  private var counts = [0]
  private var parents: [Int32] = [0]
  private var labels: [Int32] = [SymbolTable.none]
  private var cache = SymbolCache()
  private var folder = TextFolder()

  init(_ options: NGramFeatures.Options) {
    self.options = options
  }

  mutating func count(_ chunk: TokenChunk) throws {
    var window = [Int32](repeating: -1, count: options.maximum + 1)
    try chunk.bytes.withUnsafeBufferPointer { bytes in
      for record in 0..<chunk.count {
        try begin(&window)
        for token in chunk.tokens(record) {
          let range = Int(chunk.starts[token])..<Int(chunk.ends[token])
          try advance(&window, by: symbol(of: UnsafeBufferPointer(rebasing: bytes[range])))
        }
        try advance(&window, by: SymbolTable.end)
      }
    }
  }

  private mutating func symbol(of token: UnsafeBufferPointer<UInt8>) throws -> Int32 {
    try cache.symbol(of: token) { token in
      guard options.fold else { return try symbols.insert(token) }
      return try folder.withFold(of: token) { try symbols.insert($0) }
    }
  }

  /// `window[n]` is the node of the n symbols seen last: at first none, then the begin mark.
  private mutating func begin(_ window: inout [Int32]) throws {
    for n in window.indices { window[n] = -1 }
    window[0] = 0
    window[1] = try child(of: 0, SymbolTable.begin)
  }

  private mutating func advance(_ window: inout [Int32], by symbol: Int32) throws {
    for n in stride(from: options.maximum, through: 1, by: -1) {
      guard window[n - 1] >= 0 else { continue }
      let node = try child(of: window[n - 1], symbol)
      window[n] = node
      if n >= options.minimum { counts[Int(node)] += 1 }
    }
  }

  private mutating func child(of node: Int32, _ symbol: Int32) throws -> Int32 {
    let (child, isNew) = try trie.insert(node, symbol)
    if isNew {
      counts.append(0)
      parents.append(node)
      labels.append(symbol)
    }
    return child
  }
}

// MARK: Selection

extension NGramCounter {
  /// The n-grams seen at least `minCount` times (the most frequent `maxSize` of them, ties in the
  /// order of ids), with ids in the order of (n, bytes): of their encoding in `NGramTable`.
  func table() throws -> NGramTable {
    var kept = counts.indices.dropFirst().filter { counts[$0] >= options.minCount }
    let keys = Keys(of: kept) {
      symbols(of: $0)
    } write: {
      NGramTable.write($0, of: symbols, to: &$1)
    }
    var order = Array(kept.indices)
    if options.maxSize > 0, kept.count > options.maxSize {
      order.sort {
        let (a, b) = (counts[kept[$0]], counts[kept[$1]])
        return a != b ? a > b : keys.precedes($0, $1)
      }
      order = Array(order.prefix(options.maxSize))
    }
    order.sort { keys.precedes($0, $1) }
    kept = order.map { kept[$0] }
    return try makeTable(kept)
  }

  /// The symbols on the way from the root to `node`.
  private func symbols(of node: Int) -> [Int32] {
    var path: [Int32] = []
    var node = node
    while node != 0 {
      path.append(labels[node])
      node = Int(parents[node])
    }
    return path.reversed()
  }

  /// Numbers the symbols anew, because symbols of rare n-grams are gone.
  private func makeTable(_ nodes: [Int]) throws -> NGramTable {
    var table = NGramTable()
    for node in nodes {
      let gram = try symbols(of: node).map { symbol in
        guard symbol >= SymbolTable.firstToken else { return symbol }
        return try symbols.bytes(symbol).withUnsafeBufferPointer { try table.intern($0) }
      }
      let isNew = try table.append(gram)
      precondition(isNew, "a node of the trie was kept twice")
    }
    return table
  }

  /// The encodings of n-grams in one buffer, to sort by.
  private struct Keys {
    private var writer = ByteWriter()
    private var ends: [Int] = []

    init(
      of nodes: [Int], symbols: (Int) -> [Int32], write: (Int32, inout ByteWriter) -> Void
    ) {
      for node in nodes {
        let gram = symbols(node)
        writer.bytes.append(UInt8(truncatingIfNeeded: gram.count))
        for symbol in gram { write(symbol, &writer) }
        ends.append(writer.bytes.count)
      }
    }

    func precedes(_ a: Int, _ b: Int) -> Bool {
      writer.bytes[range(a)].lexicographicallyPrecedes(writer.bytes[range(b)])
    }

    private func range(_ i: Int) -> Range<Int> { (i == 0 ? 0 : ends[i - 1])..<ends[i] }
  }
}
