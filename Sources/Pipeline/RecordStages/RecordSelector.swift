/// What tells one selecting stage from another: whether a record stays.
protocol RecordSelector {
  /// Records are shown in order, each once.
  mutating func keeps(_ record: UnsafeBufferPointer<UInt8>) throws -> Bool
}

/// Runs a `RecordSelector` over chunks of text; what stays keeps its bytes and its alignment.
struct SelectingRunner<Selector: RecordSelector>: StageRunner {
  var selector: Selector

  mutating func consume(_ chunk: TextChunk) throws -> TextChunk {
    var kept: [Int] = []
    kept.reserveCapacity(chunk.count)
    try chunk.bytes.withUnsafeBufferPointer { bytes in
      for record in 0..<chunk.count {
        let range = chunk.range(record)
        if try selector.keeps(UnsafeBufferPointer(rebasing: bytes[range])) { kept.append(record) }
      }
    }
    return kept.count == chunk.count ? chunk : chunk.selecting(kept)
  }
}

extension TextChunk {
  /// The records at these positions, ascending, with their alignment. O(bytes kept).
  public func selecting(_ records: [Int]) -> TextChunk {
    var result = TextChunk(alignment: alignment.map { _ in Alignment() })
    result.ends.reserveCapacity(records.count)
    for record in records {
      let range = range(record)
      result.append(bytes[range])
      guard let alignment else { continue }
      result.alignment?.starts += alignment.starts[range]
      result.alignment?.ends += alignment.ends[range]
    }
    return result
  }
}
