import Pipeline

/// Reads ids from lines, as `encode` and `batch` write them: numbers with spaces between, or JSON: an
/// array, or an object with the key `ids`.
struct IDLineParser {
  /// The ids of all records; an empty line is a record without ids.
  /// - Throws: `CLIError.badData`, which names the line.
  func parse(_ records: RecordChunk) throws -> IDChunk {
    var chunk = IDChunk()
    chunk.recordEnds.reserveCapacity(records.count)
    for record in 0..<records.count {
      let line = records.text.bytes[records.text.range(record)]
      let isJSON = line.first == UInt8(ascii: "[") || line.first == UInt8(ascii: "{")
      guard isJSON ? appendJSON(line, to: &chunk) : appendNumbers(line, to: &chunk) else {
        let place = "\(Escaping.printable(records.file)):\(records.firstRecord + record)"
        throw CLIError.badData(
          "\(place): '\(Escaping.printable(line, limit: 40))' is no list of ids "
            + "(ids are numbers from 0 to 2147483647, with spaces between, or a JSON array)")
      }
      guard let end = UInt32(exactly: chunk.ids.count) else {
        throw CLIError.badData("\(records.file): too many ids in one chunk")
      }
      chunk.recordEnds.append(end)
    }
    return chunk
  }

  private func appendNumbers(_ line: ArraySlice<UInt8>, to chunk: inout IDChunk) -> Bool {
    var number: Int32?
    for byte in line {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let (tens, tooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
        let (sum, overflow) = tens.addingReportingOverflow(Int32(byte & 15))
        if tooLarge || overflow { return false }
        number = sum
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        if let id = number { chunk.ids.append(id) }
        number = nil
      default: return false
      }
    }
    if let id = number { chunk.ids.append(id) }
    return true
  }

  private func appendJSON(_ line: ArraySlice<UInt8>, to chunk: inout IDChunk) -> Bool {
    let value = try? JSONParser.parse(line, maximumSize: .max)
    guard let numbers = (value?["ids"] ?? value)?.arrayValue else { return false }
    for number in numbers {
      guard let id = number.intValue.flatMap(Int32.init(exactly:)), id >= 0 else { return false }
      chunk.ids.append(id)
    }
    return true
  }
}
