import Pipeline
import Testing

@Suite struct SplitRecordsTests {
  private func part(
    _ part: SplitRecords.Part, dev: Double = 0.1, test: Double = 0.2, _ records: [String]
  ) throws -> [String] {
    try selected(
      by: SplitRecords(options: .init(part: part, dev: dev, test: test)), from: records)
  }

  @Test func thePartsAreDisjointAndTogetherEverything() throws {
    let parts = try SplitRecords.Part.allCases.map { try part($0, manyRecords) }
    #expect(parts.map(\.count).reduce(0, +) == manyRecords.count)
    #expect(Set(parts.joined()) == Set(manyRecords))
    #expect(parts.allSatisfy { $0.count > 300 })
  }

  @Test func aRecordsPartNeverDependsOnItsPlace() throws {
    let shuffled = manyRecords.shuffled()
    for kind in SplitRecords.Part.allCases {
      let whole = Set(try part(kind, manyRecords))
      #expect(Set(try part(kind, shuffled)) == whole)
      let half = Array(manyRecords.prefix(2500))
      #expect(Set(try part(kind, half)) == whole.intersection(half))
    }
  }

  @Test func anotherDevShareLeavesTheTestAlone() throws {
    #expect(try part(.test, dev: 0.5, manyRecords) == part(.test, dev: 0, manyRecords))
  }

  @Test func impossibleSharesAreRefused() {
    for (dev, test) in [(0.6, 0.5), (-0.1, 0.5), (0.1, 1.5)] {
      #expect(throws: PipelineError.self) {
        try SplitRecords(options: .init(part: .dev, dev: dev, test: test))
      }
    }
  }
}
