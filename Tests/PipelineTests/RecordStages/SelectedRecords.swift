import Pipeline

/// What a stage that selects leaves of some records, fed in chunks of a size.
func selected<S: Stage>(
  by stage: S, from records: [String], chunkSize: Int = 1000
) throws -> [String] where S.Input == TextChunk, S.Output == TextChunk {
  var runner = try stage.makeRunner(RunContext())
  var kept: [String] = []
  for start in stride(from: 0, to: records.count, by: chunkSize) {
    let chunk = TextChunk(records[start..<min(start + chunkSize, records.count)])
    let output = try runner.consume(chunk)
    kept += (0..<output.count).map(output.string)
  }
  return kept
}

/// Distinct records, some of them empty or not ASCII.
let manyRecords = ["", "é", "\u{0}"] + (0..<5000).map { "record \($0) ß" }
