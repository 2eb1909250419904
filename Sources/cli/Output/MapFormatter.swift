import Pipeline

/// Alignments as JSON lines: `{"runs":[[text begin, text end, original begin, original end], ...]}`.
struct MapFormatter {
  /// One line for each record, an empty one for a skipped record.
  func format(_ chunk: TextChunk, of records: RecordChunk) -> [UInt8] {
    var output: [UInt8] = []
    var skipped = SkippedRecords(records)
    for record in 0..<chunk.count {
      if !skipped.contains(record) {
        output += Array("{\"runs\":[".utf8)
        for (place, run) in chunk.alignmentRuns(record).enumerated() {
          if place > 0 { output.append(UInt8(ascii: ",")) }
          let ends = [run.text, run.original].flatMap { [$0.lowerBound, $0.upperBound] }
          output += Array("[\(ends.map(String.init).joined(separator: ","))]".utf8)
        }
        output += Array("]}".utf8)
      }
      output.append(0x0A)
    }
    return output
  }
}
