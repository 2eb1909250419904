import Pipeline

/// Lines of tokens as sentences, and their tags as lines.
struct TagFormatter {
  let delimiter: UInt8
  let tokenColumn: Int
  let tagOnly: Bool

  /// The sentences of some lines.
  struct Lines {
    var sentences = TokenChunk()
    /// Whether each line has a token.
    var hasToken: [Bool] = []
  }

  /// - Throws: `CLIError.badData` naming file and line where a line lacks the token's column.
  func sentences(_ records: RecordChunk) throws -> Lines {
    var lines = Lines(sentences: TokenChunk(bytes: records.text.bytes))
    func endSentence() {
      let end = UInt32(lines.sentences.starts.count)
      if end > lines.sentences.recordEnds.last ?? 0 { lines.sentences.recordEnds.append(end) }
    }
    for record in 0..<records.count {
      let line = TokenLine(records.text.bytes[records.text.range(record)])
      lines.hasToken.append(!line.isBoundary)
      guard !line.isBoundary else {
        endSentence()
        continue
      }
      guard let token = line.column(tokenColumn) else {
        let place = "\(Escaping.printable(records.file)):\(records.firstRecord + record)"
        throw CLIError.badData(
          "\(place): there is no column \(tokenColumn) (--token-column names another)")
      }
      lines.sentences.starts.append(UInt32(token.lowerBound))
      lines.sentences.ends.append(UInt32(token.upperBound))
    }
    endSentence()
    return lines
  }

  /// One line for each line: itself, and the tag where it has a token.
  func format(_ tagged: TagChunk, _ lines: Lines, of records: RecordChunk) -> [UInt8] {
    let labels = tagged.labels.map { Array($0.utf8) }
    var output: [UInt8] = []
    output.reserveCapacity(records.raw.bytes.count + 8 * records.count)
    var skipped = SkippedRecords(records)
    var token = 0
    for record in 0..<records.count {
      let isEchoed = !skipped.contains(record) && !tagOnly
      if isEchoed { output += records.raw[record] }
      if lines.hasToken[record] {
        if isEchoed { output.append(0x09) }
        output += labels[Int(tagged.tags[token])]
        token += 1
      }
      output.append(delimiter)
    }
    return output
  }
}
