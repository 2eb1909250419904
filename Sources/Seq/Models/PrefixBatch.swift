package import Pipeline

/// Some records of a chunk, their common beginnings (and endings, for a network that also runs
/// backwards) taken together.
package struct PrefixBatch: Sendable {
  /// One for each direction.
  package let trees: [PrefixTree]
  /// The features of each record.
  let features: FeatureBags
  /// For each record how many symbols are read.
  let lengths: [Int]
  /// For each record, its index in the chunk.
  let records: [Int]

  /// Reads records as `ClassifierBatch` does.
  ///
  /// - Parameter areSorted: whether the records stand in the order of `pieces`.
  package init(
    _ chunk: IDChunk, records: [Int], maximumLength: Int, directions: Int, areSorted: Bool = false
  ) {
    let sequences = chunk.sequences(of: records, maximumLength: maximumLength)
    var trees = [PrefixTree(sequences.symbols, sequences.ranges, areSorted: areSorted)]
    if directions > 1 {
      var reversed: [Int32] = []
      let ranges = sequences.ranges.map { range in
        reversed.append(contentsOf: sequences.symbols[range].reversed())
        return reversed.count - range.count..<reversed.count
      }
      trees.append(PrefixTree(reversed, ranges))
    }
    self.trees = trees
    self.records = records
    lengths = sequences.ranges.map(\.count)
    features = chunk.features.map { $0.bags(of: records) } ?? FeatureBags()
  }

  /// The records of a chunk in pieces that begin alike, each of about 8,192 symbols: enough for the
  /// matrix products, few enough to stay in a core's cache.
  static func pieces(_ chunk: IDChunk, maximumLength: Int) -> [[Int]] {
    let all = Array(0..<chunk.count)
    let sequences = chunk.sequences(of: all, maximumLength: maximumLength)
    var (pieces, symbols): ([[Int]], Int) = ([], .max)
    for record in sequences.ranges.sortedByPrefix(sequences.symbols) {
      if symbols >= 1 << 13 {
        pieces.append([])
        symbols = 0
      }
      pieces[pieces.count - 1].append(record)
      symbols += sequences.ranges[record].count
    }
    return pieces
  }
}

extension IDChunk {
  /// The symbols of some records, and where those of each stand: at most `maximumLength`, and an empty
  /// record reads as the single symbol 0.
  fileprivate func sequences(
    of records: [Int], maximumLength: Int
  ) -> (symbols: [Int32], ranges: [Range<Int>]) {
    var symbols: [Int32] = []
    let ranges = records.map { record in
      let start = symbols.count
      symbols.append(contentsOf: ids[range(record).prefix(maximumLength)])
      if symbols.count == start { symbols.append(0) }
      return start..<symbols.count
    }
    return (symbols, ranges)
  }

  /// Whether records are so short that what they have in common is worth looking for.
  var hasShortRecords: Bool { ids.count <= 64 * count }
}

extension ClassifierNetwork {
  /// Whether records that begin alike can share what the network computes of that. A mean over states
  /// that run backwards cannot: along the shared endings it would be summed in another order.
  package var sharesPrefixes: Bool {
    stack.sharesPrefixes && pooling.attention == nil
      && (stack.layers[0].count == 1 || !pooling.rules.contains(.mean))
  }

  /// The logits of a batch, `[N, K]`: for each record the very bits that it has by itself.
  ///
  /// - Precondition: `sharesPrefixes`.
  package func logits<S>(
    _ batch: PrefixBatch, _ projections: [SymbolProjection<S>], _ weights: Weights<S>
  ) -> Tensor<S> {
    let outputs = batch.trees.enumerated().map { direction, tree in
      stack.run(table: projections[direction].table, direction: direction, tree, weights)
    }
    let parts = pooling.rules.flatMap { rule in
      zip(outputs, batch.trees).map { rule.forward($0, $1, lengths: batch.lengths) }
    }
    var logits = head.forward(Tensor(columns: parts), weights)
    bag?.forward(batch.features, addingTo: &logits, weights)
    return logits
  }
}
