import Pipeline
import Testing

@Suite struct SampleRecordsTests {
  private func sample(
    _ share: Double, seed: Int = 1, _ records: [String] = manyRecords, chunkSize: Int = 1000
  ) throws -> [String] {
    try selected(
      by: SampleRecords(options: .init(share: share, seed: seed)), from: records,
      chunkSize: chunkSize)
  }

  @Test func theShareIsAboutRight() throws {
    for share in [0.1, 0.5, 0.9] {
      let count = try sample(share).count
      let expected = share * Double(manyRecords.count)
      // Five standard deviations of a binomial count.
      let deviation = (expected * (1 - share)).squareRoot()
      #expect(abs(Double(count) - expected) < 5 * deviation)
    }
    #expect(try sample(0).isEmpty)
    #expect(try sample(1) == manyRecords)
  }

  @Test func theChoiceDependsOnTheRecordAlone() throws {
    let kept = Set(try sample(0.3))
    #expect(Set(try sample(0.3, manyRecords.reversed())) == kept)
    #expect(try sample(0.3, chunkSize: 7) == sample(0.3))
    let doubled = try sample(0.3, manyRecords + manyRecords)
    #expect(doubled.count == 2 * kept.count)
  }

  @Test func aLargerShareKeepsWhatASmallerKeeps() throws {
    #expect(Set(try sample(0.2)).isSubset(of: try sample(0.21)))
  }

  @Test func anotherSeedChoosesAnew() throws {
    let both = Set(try sample(0.5)).intersection(try sample(0.5, seed: 2)).count
    #expect((1000...1500).contains(both))
  }

  @Test(arguments: [-0.1, 1.1, .nan])
  func impossibleSharesAreRefused(share: Double) {
    #expect(throws: PipelineError.self) { try SampleRecords(options: .init(share: share)) }
  }

  /// The choice is frozen: data that were sampled once are sampled so for ever.
  @Test func theHashNeverChanges() throws {
    #expect(try sample(0.002) == Self.golden)
  }

  /// Worked out by a program of its own, in Python, from the definition of the hash.
  private static let golden: [String] = [
    "record 756 ß", "record 819 ß", "record 830 ß", "record 932 ß", "record 1249 ß",
    "record 1460 ß", "record 1511 ß", "record 1608 ß", "record 1772 ß", "record 2414 ß",
    "record 3298 ß", "record 3362 ß", "record 3591 ß", "record 3871 ß", "record 4547 ß",
    "record 4800 ß",
  ]
}
