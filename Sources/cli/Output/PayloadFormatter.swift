import Pipeline

/// Chunks of any kind as lines: what the last stage of a pipeline gives.
struct PayloadFormatter {
  let delimiter: UInt8
  /// Whether each record becomes a JSON object.
  let isJSON: Bool

  /// One line for each record, an empty one for a skipped record.
  /// - Throws: `CLIError.notFinite`; `CLIError.usage` for a payload that has no form as text.
  func format(_ payload: any Payload, of records: RecordChunk) throws -> [UInt8] {
    switch payload {
    case let text as TextChunk:
      isJSON
        ? objects(text, of: records)
        : TextFormatter(delimiter: delimiter).format(text, of: records)
    case let tokens as TokenChunk:
      TokenFormatter(delimiter: delimiter, style: isJSON ? .json : .joined(by: [0x20]))
        .format(tokens, of: records)
    case let ids as IDChunk:
      IDFormatter(delimiter: delimiter, isJSON: isJSON).format(ids, of: records)
    case let predictions as PredictionChunk:
      try PredictionFormatter(
        delimiter: delimiter, style: isJSON ? .json : .table, count: 1, rejection: nil
      ).format(predictions, of: records)
    case let scores as ScoreChunk:
      try ScoreFormatter(delimiter: delimiter, isJSON: isJSON).format(scores, of: records)
    case let tags as TagChunk: lines(tags, of: records)
    default:
      throw CLIError.usage("the last stage gives \(type(of: payload)), which cannot be written")
    }
  }

  /// Tags joined by a space, or `{"tags":[...]}`.
  private func lines(_ chunk: TagChunk, of records: RecordChunk) -> [UInt8] {
    var output: [UInt8] = []
    var skipped = SkippedRecords(records)
    for record in 0..<chunk.count {
      if !skipped.contains(record) {
        let tags = chunk.strings(record)
        output +=
          isJSON
          ? JSONValue.object(JSONObject([("tags", .array(tags.map { .string($0) }))])).bytes()
          : Array(tags.joined(separator: " ").utf8)
      }
      output.append(delimiter)
    }
    return output
  }

  private func objects(_ chunk: TextChunk, of records: RecordChunk) -> [UInt8] {
    var output: [UInt8] = []
    var skipped = SkippedRecords(records)
    for record in 0..<chunk.count {
      if !skipped.contains(record) {
        output += Array("{\"text\":".utf8)
        JSONValue.append(chunk.bytes[chunk.range(record)], to: &output)
        output.append(UInt8(ascii: "}"))
      }
      output.append(delimiter)
    }
    return output
  }
}
