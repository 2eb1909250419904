import Pipeline
import Testing

@Suite struct DeduplicateRecordsTests {
  private func deduplicate(
    _ records: [String], limit: Int = 0, full: DeduplicateRecords.WhenFull = .error,
    chunkSize: Int = 1000
  ) throws -> [String] {
    try selected(
      by: DeduplicateRecords(options: .init(limit: limit, full: full)), from: records,
      chunkSize: chunkSize)
  }

  @Test func theFirstOfEqualRecordsStays() throws {
    #expect(try deduplicate(["b", "a", "b", "", "a", "", "c"]) == ["b", "a", "", "c"])
    // Normal forms are different bytes.
    #expect(try deduplicate(["é", "e\u{301}", "é"]).count == 2)
  }

  @Test func chunksDoNotMatter() throws {
    let records = (0..<20_000).map { "\($0 * 7919 % 3001)" }
    let kept = try deduplicate(records)
    #expect(kept.count == 3001)
    #expect(try deduplicate(records, chunkSize: 3) == kept)
  }

  @Test func theLimitIsAnErrorThatNamesIt() throws {
    #expect(try deduplicate(["a", "b", "a", "b"], limit: 2) == ["a", "b"])
    let error = #expect(throws: PipelineError.self) {
      try deduplicate(["a", "b", "c"], limit: 2)
    }
    #expect(error?.category == .badData)
    #expect(try #require(error).description.contains("2 distinct"))
  }

  /// The same by a plain search in the last distinct records.
  @Test(arguments: [1, 2, 5, 100])
  func forgettingRemembersTheLastDistinctOnes(limit: Int) throws {
    var generator = SeededGenerator(UInt64(limit))
    let records = (0..<5000).map { _ in "\(Int.random(in: 0..<150, using: &generator))" }
    var memory: [String] = []
    var expected: [String] = []
    for record in records where !memory.contains(record) {
      expected.append(record)
      memory.append(record)
      if memory.count > limit { memory.removeFirst() }
    }
    #expect(try deduplicate(records, limit: limit, full: .forget) == expected)
  }

  @Test func impossibleLimitsAreRefused() {
    for limit in [-1, 1 << 31 + 1] {
      #expect(throws: PipelineError.self) {
        try DeduplicateRecords(options: .init(limit: limit))
      }
    }
  }
}
