import Pipeline

/// Text chunks as lines.
struct TextFormatter {
  let delimiter: UInt8

  /// One line for each record, an empty one for a skipped record.
  func format(_ chunk: TextChunk, of records: RecordChunk) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(chunk.bytes.count + chunk.count)
    // A transform may write what ends a record; one record must stay one line.
    let breaksLines = chunk.bytes.contains(delimiter)
    for record in 0..<chunk.count {
      let text = chunk.bytes[chunk.range(record)]
      if breaksLines {
        output += text.map { $0 == delimiter ? UInt8(ascii: " ") : $0 }
      } else {
        output += text
      }
      output.append(delimiter)
    }
    return output
  }
}
