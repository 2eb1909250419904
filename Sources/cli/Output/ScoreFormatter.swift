import Glibc
import Pipeline

/// Scores as lines: figures, then the record; or JSON.
struct ScoreFormatter {
  let delimiter: UInt8
  let isJSON: Bool

  /// One line for each record, an empty one for a skipped record.
  /// - Throws: `CLIError.notFinite`.
  func format(_ chunk: ScoreChunk, of records: RecordChunk) throws -> [UInt8] {
    var output: [UInt8] = []
    var skipped = SkippedRecords(records)
    for record in 0..<chunk.count {
      if !skipped.contains(record) {
        let (sum, count) = (chunk.logProbabilities[record], chunk.symbolCounts[record])
        guard sum.isFinite else { throw CLIError.notFinite(record: records.firstRecord + record) }
        let perplexity = exp(-sum / Double(max(1, count)))
        let bits = -sum / log(2) / Double(records.text.range(record).count + 1)
        if isJSON {
          append(record, records, sum, count, perplexity, bits, to: &output)
        } else {
          let figures = [
            ReportText.figure(sum), "\(count)", ReportText.figure(perplexity),
            ReportText.figure(bits),
          ]
          output += Array(figures.joined(separator: "\t").utf8)
          output.append(0x09)
          output += records.raw.bytes[records.raw.range(record)]
        }
      }
      output.append(delimiter)
    }
    return output
  }

  private func append(
    _ record: Int, _ records: RecordChunk, _ sum: Double, _ count: Int, _ perplexity: Double,
    _ bits: Double, to output: inout [UInt8]
  ) {
    output += Array("{\"text\":".utf8)
    JSONValue.append(records.text.bytes[records.text.range(record)], to: &output)
    let figures = JSONValue.object(
      JSONObject([
        ("log_probability", .double(sum)), ("symbols", .int(count)),
        ("perplexity", .double(perplexity)), ("bits_per_byte", .double(bits)),
      ]))
    output.append(0x2C)
    output += figures.bytes().dropFirst()
  }
}
