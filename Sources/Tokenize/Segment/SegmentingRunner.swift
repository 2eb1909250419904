import Pipeline

/// Cuts one record into tokens.
protocol Cutter {
  /// Adds the tokens of `record`, which begins at `base` in its chunk, to `tokens`.
  mutating func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter) throws
}

/// Where a cutter writes its tokens. There is room for one token per byte of the chunk, the most
/// that there can be.
struct TokenWriter {
  private let starts: UnsafeMutableBufferPointer<UInt32>
  private let ends: UnsafeMutableBufferPointer<UInt32>
  private(set) var count = 0

  init(starts: UnsafeMutableBufferPointer<UInt32>, ends: UnsafeMutableBufferPointer<UInt32>) {
    self.starts = starts
    self.ends = ends
  }

  @inline(__always)
  mutating func append(_ start: Int, _ end: Int) {
    precondition(count < starts.count, "more tokens than bytes")
    starts[count] = UInt32(truncatingIfNeeded: start)
    ends[count] = UInt32(truncatingIfNeeded: end)
    count += 1
  }
}

/// Runs a `Cutter` over chunks of text.
struct SegmentingRunner<Unit: Cutter>: StageRunner {
  private var cutter: Unit
  private let tracksOffsets: Bool

  init(_ cutter: Unit, context: RunContext) {
    self.cutter = cutter
    tracksOffsets = context.tracksOffsets
  }

  mutating func consume(_ chunk: TextChunk) throws -> TokenChunk {
    var recordEnds: [UInt32] = []
    recordEnds.reserveCapacity(chunk.count)
    var ends: [UInt32] = []
    let capacity = chunk.bytes.count
    let starts = try [UInt32](unsafeUninitializedCapacity: capacity) { startRoom, startCount in
      ends = try [UInt32](unsafeUninitializedCapacity: capacity) { endRoom, endCount in
        var tokens = TokenWriter(starts: startRoom, ends: endRoom)
        defer {
          startCount = tokens.count
          endCount = tokens.count
        }
        try chunk.bytes.withUnsafeBufferPointer { bytes in
          for record in 0..<chunk.count {
            let range = chunk.range(record)
            try cutter.cut(
              UnsafeBufferPointer(rebasing: bytes[range]), at: range.lowerBound, into: &tokens)
            recordEnds.append(UInt32(truncatingIfNeeded: tokens.count))
          }
        }
      }
    }
    var result = TokenChunk(
      bytes: chunk.bytes, starts: starts, ends: ends, recordEnds: recordEnds)
    if tracksOffsets { result.spans = spans(of: result, in: chunk) }
    return result
  }

  /// The part of its original record that each token stands for.
  private func spans(of tokens: TokenChunk, in chunk: TextChunk) -> [Range<UInt32>] {
    var spans: [Range<UInt32>] = []
    spans.reserveCapacity(tokens.starts.count)
    for record in 0..<chunk.count {
      let range = chunk.range(record)
      let base = UInt32(truncatingIfNeeded: range.lowerBound)
      for token in tokens.tokens(record) {
        let (start, end) = (tokens.starts[token] - base, tokens.ends[token] - base)
        guard let alignment = chunk.alignment else {
          spans.append(start..<end)
          continue
        }
        var ranges = RangeMap()
        let (low, high) = ranges.map(
          start, end, starts: alignment.starts[range], ends: alignment.ends[range])
        spans.append(low..<high)
      }
    }
    return spans
  }
}
