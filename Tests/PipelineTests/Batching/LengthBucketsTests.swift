import Pipeline
import Testing

@Suite struct LengthBucketsTests {
  @Test func orderIsByLengthThenIndex() throws {
    let buckets = try LengthBuckets(lengths: [3, 1, 3, 0, 1], batchSize: 2)
    #expect(buckets.batches == [[3, 1], [4, 0], [2]])
    #expect(abs(buckets.paddedFraction - (1 - 8.0 / 11)) < 1e-12)
  }

  @Test func everyRecordIsInOneBatchAndLimitsHold() throws {
    var generator = SeededGenerator(2)
    let lengths = (0..<1000).map { _ in Int.random(in: 0..<50, using: &generator) }
    let buckets = try LengthBuckets(lengths: lengths, batchSize: 32, maximumArea: 400)
    #expect(buckets.batches.flatMap { $0 }.sorted() == Array(0..<1000))
    for batch in buckets.batches {
      let longest = batch.map { lengths[$0] }.max() ?? 0
      #expect(batch.count <= 32 && longest * batch.count <= 400)
    }
    #expect(buckets.paddedFraction < 0.05)
  }

  @Test func aRecordAboveTheAreaStandsAlone() throws {
    let buckets = try LengthBuckets(lengths: [9, 2, .max], batchSize: 8, maximumArea: 4)
    #expect(buckets.batches == [[1], [0], [2]])
  }

  @Test func chunksAndNothing() throws {
    let chunk = IDChunk(ids: [1, 2, 3], recordEnds: [2, 3])
    #expect(try LengthBuckets(chunk, batchSize: 1).batches == [[1], [0]])
    #expect(try LengthBuckets(lengths: [], batchSize: 1).batches.isEmpty)
    #expect(throws: PipelineError.self) { try LengthBuckets(lengths: [1], batchSize: 0) }
    #expect(throws: PipelineError.self) { try LengthBuckets(lengths: [-1], batchSize: 1) }
  }
}
