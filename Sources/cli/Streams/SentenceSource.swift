import Pipeline

/// Cuts a stream of lines where sentences end, so that each batch can be tagged by itself. A sentence
/// of more than `maximumLength` tokens is cut where the tagger cuts it too, so memory stays bounded.
final class SentenceSource {
  private let next: () throws -> RecordChunk?
  private let maximumLength: Int
  /// The lines of a sentence whose end has not been read yet, and how many tokens it has.
  private var open: RecordChunk?
  private var length = 0
  /// Read already, but of another file than `open`.
  private var ahead: RecordChunk?

  init(next: @escaping () throws -> RecordChunk?, maximumLength: Int) {
    self.next = next
    self.maximumLength = maximumLength
  }

  /// The next lines that end where a sentence does; `nil` after the last.
  func nextBatch() throws -> RecordChunk? {
    while let chunk = try ahead ?? next() {
      ahead = nil
      if let open, chunk.firstRecord == 1 {
        // A file's end is a sentence's end.
        ahead = chunk
        (self.open, length) = (nil, 0)
        return open
      }
      let held = open?.count ?? 0
      let lines = open?.appending(chunk) ?? chunk
      let cut = held + lastEnd(in: chunk)
      guard cut > held else {
        open = lines
        continue
      }
      open = cut < lines.count ? lines.part(cut..<lines.count) : nil
      return cut < lines.count ? lines.part(0..<cut) : lines
    }
    defer { (open, length) = (nil, 0) }
    return open
  }

  /// How many of the lines stand before the end of the last sentence that ends among them.
  private func lastEnd(in chunk: RecordChunk) -> Int {
    var end = 0
    for line in 0..<chunk.count {
      let isBoundary = TokenLine(chunk.text.bytes[chunk.text.range(line)]).isBoundary
      length = isBoundary ? 0 : length + 1
      if isBoundary || length == maximumLength { (end, length) = (line + 1, 0) }
    }
    return end
  }
}

extension RecordChunk {
  /// Some of the records.
  fileprivate func part(_ lines: Range<Int>) -> RecordChunk {
    var part = RecordChunk(
      file: file, firstRecord: firstRecord + lines.lowerBound, raw: RawRecords(),
      text: TextChunk())
    part.append(self, lines)
    return part
  }

  /// These records and those of the chunk that follows.
  fileprivate func appending(_ chunk: RecordChunk) -> RecordChunk {
    var both = self
    both.append(chunk, 0..<chunk.count)
    return both
  }

  private mutating func append(_ chunk: RecordChunk, _ lines: Range<Int>) {
    for line in lines {
      raw.bytes += chunk.raw[line]
      raw.ends.append(UInt32(raw.bytes.count))
      text.append(chunk.text.bytes[chunk.text.range(line)])
    }
    let shift = count - lines.count - lines.lowerBound
    skipped += chunk.skipped.filter(lines.contains).map { $0 + shift }
  }
}
