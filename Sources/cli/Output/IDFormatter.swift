import Pipeline

/// Id chunks as lines: ids joined by a space, or one JSON object per record.
struct IDFormatter {
  let delimiter: UInt8
  let isJSON: Bool

  /// One line for each record, an empty one for a skipped record.
  func format(_ chunk: IDChunk, of records: RecordChunk) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(chunk.ids.count * 6 + chunk.count * (isJSON ? 10 : 1))
    var skipped = SkippedRecords(records)
    for record in 0..<chunk.count {
      if !skipped.contains(record) {
        if isJSON { output += Self.begin }
        let separator = UInt8(ascii: isJSON ? "," : " ")
        for place in chunk.range(record) {
          if place > chunk.range(record).lowerBound { output.append(separator) }
          Self.append(chunk.ids[place], to: &output)
        }
        if isJSON { output += Self.end }
      }
      output.append(delimiter)
    }
    return output
  }

  private static let begin = Array("{\"ids\":[".utf8)
  private static let end = Array("]}".utf8)

  /// Appends a number in decimal, without making a string of it.
  static func append(_ number: Int32, to output: inout [UInt8]) {
    var rest = number.magnitude
    if number < 0 { output.append(UInt8(ascii: "-")) }
    let start = output.count
    repeat {
      output.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    output[start...].reverse()
  }
}
