package import Pipeline

/// Some records of a data set, laid out for the network: sorted by falling length, time-major,
/// without padding.
package struct ClassifierBatch: Sendable {
  /// M symbols: those of step 0, then of step 1, and so on.
  package let ids: [Int32]
  package let layout: SequenceLayout
  /// The features of each sequence, in the sorted order.
  package let features: FeatureBags
  /// For each sequence, its record's index in the chunk.
  package let records: [Int]

  /// Takes the given records of a chunk; a sequence is cut at `maximumLength`, and an empty one is
  /// read as the single symbol 0.
  package init(_ chunk: IDChunk, records: some Sequence<Int>, maximumLength: Int) {
    func length(_ record: Int) -> Int {
      min(max(chunk.range(record).count, 1), maximumLength)
    }
    let sorted = records.sorted {
      let (a, b) = (length($0), length($1))
      return a == b ? $0 < $1 : a > b
    }
    let layout = SequenceLayout(lengths: sorted.map(length))
    var ids = [Int32](repeating: 0, count: layout.rowCount)
    for (n, record) in sorted.enumerated() {
      let range = chunk.range(record)
      for (t, position) in range.prefix(maximumLength).enumerated() {
        ids[layout.offsets[t] + n] = chunk.ids[position]
      }
    }
    self.ids = ids
    self.layout = layout
    self.records = sorted
    self.features = chunk.features.map { $0.bags(of: sorted) } ?? FeatureBags()
  }
}

extension FeatureBags {
  /// The bags of some records.
  func bags(of records: [Int]) -> FeatureBags {
    var bags = FeatureBags()
    bags.ids.reserveCapacity(records.reduce(0) { $0 + range($1).count })
    bags.recordEnds.reserveCapacity(records.count)
    for record in records {
      bags.ids.append(contentsOf: ids[range(record)])
      bags.recordEnds.append(UInt32(bags.ids.count))
    }
    return bags
  }
}
