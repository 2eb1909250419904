import Pipeline
import Testing

@Suite struct FilterRecordsTests {
  @Test func lengthsAreCountedInScalars() throws {
    let records = ["", "a", "é", "e\u{301}", "日本", "👍🏽", "abc"]
    let two = try selected(
      by: FilterRecords(options: .init(minimum: 2, maximum: 2)), from: records)
    #expect(two.map { Array($0.utf8) } == ["e\u{301}", "日本", "👍🏽"].map { Array($0.utf8) })
    let some = try selected(by: FilterRecords(options: .init(minimum: 1)), from: records)
    #expect(some.count == 6)
    #expect(try selected(by: FilterRecords(options: .init(minimum: 0)), from: records) == records)
  }

  @Test func offsetsOfWhatStaysAreKept() throws {
    var chunk = TextChunk(["ab", "", "né"])
    chunk.alignment = Alignment(identityOf: chunk)
    var runner = try FilterRecords(options: .init(minimum: 1)).makeRunner(
      RunContext(tracksOffsets: true))
    let output = try runner.consume(chunk)
    #expect(output.count == 2)
    #expect(output.alignment == Alignment(identityOf: TextChunk(["ab", "né"])))
  }

  @Test func impossibleBoundsAreRefused() {
    for (minimum, maximum) in [(-1, 0), (0, -1), (3, 2)] {
      #expect(throws: PipelineError.self) {
        try FilterRecords(options: .init(minimum: minimum, maximum: maximum))
      }
    }
  }
}
