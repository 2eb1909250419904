import Pipeline

/// Walks the trie of n-grams along the tokens of each record.
struct NGramRunner: StageRunner {
  private let table: NGramTable
  private let options: NGramFeatures.Options
  private var cache = SymbolCache()
  private var folder = TextFolder()

  init(_ table: NGramTable, _ options: NGramFeatures.Options) {
    self.table = table
    self.options = options
  }

  mutating func consume(_ chunk: TokenChunk) throws -> TokenChunk {
    let positions = chunk.starts.count + chunk.count
    let perPosition = options.maximum - options.minimum + 1
    let (capacity, overflow) = positions.multipliedReportingOverflow(by: perPosition)
    guard !overflow, capacity <= Int(UInt32.max) else {
      throw TokenizeError.chunkTooLarge(stage: NGramFeatures.descriptor.id)
    }
    var recordEnds: [UInt32] = []
    recordEnds.reserveCapacity(chunk.count)
    let ids = try [Int32](unsafeUninitializedCapacity: capacity) { room, count in
      try withUnsafeTemporaryAllocation(of: Int32.self, capacity: options.maximum + 1) { window in
        for record in 0..<chunk.count {
          try walk(record, of: chunk, window, room, &count)
          recordEnds.append(UInt32(truncatingIfNeeded: count))
        }
      }
    }
    var result = chunk
    result.features = FeatureBags(ids: ids, recordEnds: recordEnds)
    return result
  }

  /// Appends the features of one record.
  private mutating func walk(
    _ record: Int, of chunk: TokenChunk, _ window: UnsafeMutableBufferPointer<Int32>,
    _ room: UnsafeMutableBufferPointer<Int32>, _ count: inout Int
  ) throws {
    window.initialize(repeating: -1)
    window[0] = 0
    window[1] = table.trie.child(of: 0, SymbolTable.begin)
    try chunk.bytes.withUnsafeBufferPointer { bytes in
      for token in chunk.tokens(record) {
        let range = Int(chunk.starts[token])..<Int(chunk.ends[token])
        let symbol = try symbol(of: UnsafeBufferPointer(rebasing: bytes[range]))
        advance(window, by: symbol, room, &count)
      }
    }
    advance(window, by: SymbolTable.end, room, &count)
  }

  /// Takes one step: `window[n]`, the node of the n symbols seen last (-1 where that is no n-gram),
  /// follows from `window[n - 1]` before the step.
  @inline(__always)
  private func advance(
    _ window: UnsafeMutableBufferPointer<Int32>, by symbol: Int32,
    _ room: UnsafeMutableBufferPointer<Int32>, _ count: inout Int
  ) {
    guard symbol != SymbolTable.none else {
      for n in 1..<window.count { window[n] = -1 }
      return
    }
    var previous = window[0]
    for n in 1..<window.count {
      let node = previous < 0 ? -1 : table.trie.child(of: previous, symbol)
      previous = window[n]
      window[n] = node
      guard node >= 0 else { continue }
      let feature = table.features[Int(node)]
      if feature >= 0 {
        room[count] = feature
        count += 1
      }
    }
  }

  @inline(__always)
  private mutating func symbol(of token: UnsafeBufferPointer<UInt8>) throws -> Int32 {
    try cache.symbol(of: token) { token in
      guard options.fold else { return table.symbols.find(token) }
      return try folder.withFold(of: token) { table.symbols.find($0) }
    }
  }
}
