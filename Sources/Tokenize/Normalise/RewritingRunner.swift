import Pipeline

/// Runs a `RecordRewriter` over chunks of text.
///
/// Records stand in a chunk without separators, so that a mark that begins a record could join the
/// letter that ends the one before: each is rewritten by itself or, where that gives the same, all
/// together with line feeds between them. ASCII records take a path without ICU.
struct RewritingRunner<Rewriter: RecordRewriter>: StageRunner {
  private let stage: String
  private let tracksOffsets: Bool
  private var rewriter: Rewriter
  private var buffer: RecordBuffer
  private var lines = JoinedLines()

  init(_ rewriter: Rewriter, stage: String, context: RunContext) {
    self.rewriter = rewriter
    self.stage = stage
    self.tracksOffsets = context.tracksOffsets
    self.buffer = RecordBuffer(tracksOffsets: context.tracksOffsets)
  }

  mutating func consume(_ chunk: TextChunk) throws -> TextChunk {
    if rewriter.asciiRule != .rewritten, chunk.bytes.withUnsafeBufferPointer(ASCII.isASCII) {
      return rewrittenASCII(chunk)
    }
    if chunk.count > 1, !tracksOffsets, rewriter.rewritesLinesAlone, lines.join(chunk) {
      try lines.withBytes { try rewriter.rewrite($0, into: &buffer) }
      if let result = try buffer.withBytes({ try lines.split($0, stage: stage) }) { return result }
    }
    return try rewrittenByRecord(chunk)
  }

  private func rewrittenASCII(_ chunk: TextChunk) -> TextChunk {
    var result = chunk
    result.alignment = tracksOffsets ? chunk.alignment ?? Alignment(identityOf: chunk) : nil
    if case .lowercased = rewriter.asciiRule {
      result.bytes.withUnsafeMutableBufferPointer { ASCII.lowercase($0) }
    }
    return result
  }

  private mutating func rewrittenByRecord(_ chunk: TextChunk) throws -> TextChunk {
    var writer = RewrittenChunk(of: chunk, tracksOffsets: tracksOffsets)
    let asciiRule = rewriter.asciiRule
    try chunk.bytes.withUnsafeBufferPointer { bytes in
      for record in 0..<chunk.count {
        let range = chunk.range(record)
        let text = UnsafeBufferPointer(rebasing: bytes[range])
        switch asciiRule {
        case .unchanged where ASCII.isASCII(text):
          buffer.removeAll()
          buffer.append(text, from: 0)
        case .lowercased where ASCII.isASCII(text):
          buffer.removeAll()
          buffer.append(text, from: 0)
          buffer.withMutableBytes { ASCII.lowercase($0) }
        case .unchanged, .lowercased, .rewritten:
          try rewriter.rewrite(text, into: &buffer)
        }
        try writer.append(buffer, madeOf: range, stage: stage)
      }
    }
    return writer.chunk
  }
}

/// The chunk that a rewriting makes, record by record, with offsets composed to the originals.
private struct RewrittenChunk {
  private let alignment: Alignment?
  private(set) var chunk = TextChunk()

  init(of source: TextChunk, tracksOffsets: Bool) {
    alignment = source.alignment
    chunk.bytes.reserveCapacity(source.bytes.count + source.bytes.count / 8)
    chunk.ends.reserveCapacity(source.count)
    if tracksOffsets { chunk.alignment = Alignment() }
  }

  /// Adds the record in `buffer`, which was made of the bytes `range` of the source chunk.
  mutating func append(_ buffer: RecordBuffer, madeOf range: Range<Int>, stage: String) throws {
    buffer.withBytes { chunk.bytes.append(contentsOf: $0) }
    guard let end = UInt32(exactly: chunk.bytes.count) else {
      throw TokenizeError.chunkTooLarge(stage: stage)
    }
    chunk.ends.append(end)
    guard chunk.alignment != nil else { return }
    guard let alignment else {
      chunk.alignment?.starts.append(contentsOf: buffer.starts[..<buffer.count])
      chunk.alignment?.ends.append(contentsOf: buffer.ends[..<buffer.count])
      return
    }
    var ranges = RangeMap()
    for i in 0..<buffer.count {
      let (start, end) = ranges.map(
        buffer.starts[i], buffer.ends[i], starts: alignment.starts[range],
        ends: alignment.ends[range])
      chunk.alignment?.starts.append(start)
      chunk.alignment?.ends.append(end)
    }
  }
}
