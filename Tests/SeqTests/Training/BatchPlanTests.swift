import Pipeline
import Seq
import Testing

@Suite struct BatchPlanTests {
  private let chunk = Samples.chunk(
    Samples.records(203, lengths: 0...20, symbols: 5, seed: 1))

  private func plan(_ records: [Int], size: Int = 16, seed: UInt64 = 1, epoch: Int = 1) -> [[Int]] {
    BatchPlan.batches(chunk, records, size: size, seed: seed, epoch: epoch)
  }

  @Test(arguments: [1, 2, 16, 202, 203, 500])
  func everyRecordOnce(size: Int) {
    let batches = plan(Array(0..<203), size: size)
    #expect(batches.joined().sorted() == Array(0..<203))
    #expect(batches.count == (203 + size - 1) / size)
    #expect(batches.filter { $0.count != min(size, 203) }.count <= 1)
  }

  @Test func someRecordsAlone() {
    #expect(plan([5, 9, 200], size: 2).joined().sorted() == [5, 9, 200])
    #expect(plan([]).isEmpty)
  }

  @Test func aFunctionOfSeedAndEpoch() {
    let all = Array(0..<203)
    #expect(plan(all) == plan(all))
    #expect(plan(all) != plan(all, epoch: 2))
    #expect(plan(all) != plan(all, seed: 2))
  }

  @Test func aBatchHoldsLikeLengths() {
    let spans = plan(Array(0..<203)).map { batch in
      let lengths = batch.map { chunk.range($0).count }
      return (low: lengths.min() ?? 0, high: lengths.max() ?? 0)
    }.sorted { ($0.low, $0.high) < ($1.low, $1.high) }
    for (a, b) in zip(spans, spans.dropFirst()) { #expect(a.high <= b.low) }
  }

  @Test(arguments: [0, 1, 7, 8, 31, 32, 33, 64, 65, 100, 1000])
  func shardsCoverTheBatch(count: Int) {
    let batch = (0..<count).map { $0 * 3 }
    let shards = BatchPlan.shards(batch)
    #expect(shards.joined().sorted() == batch)
    #expect(shards.allSatisfy { $0.count <= 32 })
    if count >= 8 { #expect(shards.count >= 2) }
    let sizes = shards.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }
}
