import Pipeline

/// Walks the records of a chunk and knows which of them `--invalid skip` left out.
struct SkippedRecords {
  private var rest: ArraySlice<Int>

  init(_ records: RecordChunk) {
    rest = records.skipped[...]
  }

  /// Whether that record was left out; ask in ascending order.
  mutating func contains(_ record: Int) -> Bool {
    guard rest.first == record else { return false }
    rest.removeFirst()
    return true
  }
}
