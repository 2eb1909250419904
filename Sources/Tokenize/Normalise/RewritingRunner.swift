import Pipeline

/// Runs a `RecordRewriter` over chunks of text.
///
/// Records stand in a chunk without separators, so each is rewritten by itself: a mark that begins
/// a record never joins the letter that ends the record before. ASCII records, and chunks of nothing
/// else, take a path without ICU.
struct RewritingRunner<Rewriter: RecordRewriter>: StageRunner {
  private let stage: String
  private let tracksOffsets: Bool
  private var rewriter: Rewriter
  private var buffer: RecordBuffer

  init(_ rewriter: Rewriter, stage: String, context: RunContext) {
    self.rewriter = rewriter
    self.stage = stage
    self.tracksOffsets = context.tracksOffsets
    self.buffer = RecordBuffer(tracksOffsets: context.tracksOffsets)
  }

  mutating func consume(_ chunk: TextChunk) throws -> TextChunk {
    if chunk.bytes.withUnsafeBufferPointer(ASCII.isASCII) {
      switch rewriter.asciiRule {
      case .unchanged: return unchanged(chunk)
      case .mapped(let table): return mapped(chunk, by: table)
      case .filtered, .rewritten: break
      }
    }
    return try rewritten(chunk)
  }

  private func unchanged(_ chunk: TextChunk) -> TextChunk {
    var result = chunk
    result.alignment = tracksOffsets ? chunk.alignment ?? Alignment(identityOf: chunk) : nil
    return result
  }

  private func mapped(_ chunk: TextChunk, by table: [UInt8]) -> TextChunk {
    var result = unchanged(chunk)
    table.withUnsafeBufferPointer { table in
      result.bytes.withUnsafeMutableBufferPointer { bytes in
        for i in bytes.indices { bytes[i] = table[Int(bytes[i])] }
      }
    }
    return result
  }

  private mutating func rewritten(_ chunk: TextChunk) throws -> TextChunk {
    var writer = RewrittenChunk(of: chunk, tracksOffsets: tracksOffsets)
    try chunk.bytes.withUnsafeBufferPointer { bytes in
      for record in 0..<chunk.count {
        let range = chunk.range(record)
        let text = UnsafeBufferPointer(rebasing: bytes[range])
        if ASCII.isASCII(text) {
          try rewriteASCII(text)
        } else {
          try rewriter.rewrite(text, into: &buffer)
        }
        try writer.append(buffer, madeOf: range, stage: stage)
      }
    }
    return writer.chunk
  }

  private mutating func rewriteASCII(_ text: UnsafeBufferPointer<UInt8>) throws {
    let rule = rewriter.asciiRule
    if case .rewritten = rule { return try rewriter.rewrite(text, into: &buffer) }
    buffer.removeAll()
    buffer.reserve(text.count)
    for i in text.indices {
      switch rule {
      case .mapped(let table): buffer.append(table[Int(text[i])], from: i..<i + 1)
      case .filtered(let keeps): if keeps[Int(text[i])] { buffer.append(text[i], from: i..<i + 1) }
      case .unchanged, .rewritten: buffer.append(text[i], from: i..<i + 1)
      }
    }
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
