import Pipeline
import Testing

@Suite struct PaddedBatchTests {
  private let chunk = IDChunk(ids: [1, 2, 3, 4, 5, 6], recordEnds: [3, 3, 5, 6])

  @Test func idsAreTimeMajor() throws {
    let batch = try PaddedBatch(chunk, records: [3, 0, 2], padding: -1)
    #expect(batch.steps == 3)
    #expect(batch.count == 3)
    #expect(batch.lengths == [1, 3, 2])
    #expect(batch.ids == [6, 1, 4, -1, 2, 5, -1, 3, -1])
    #expect(batch.mask == [1, 1, 1, 0, 1, 1, 0, 1, 0])
    #expect(batch.tokenCount == 6)
  }

  @Test func unpaddingGivesTheRecordsBack() throws {
    let batch = try PaddedBatch(chunk, records: 0..<4)
    #expect(batch.unpadded().ids == chunk.ids)
    #expect(batch.unpadded().recordEnds == chunk.recordEnds)
  }

  @Test func longRecordsAreCut() throws {
    let batch = try PaddedBatch(chunk, records: [0, 3], limit: 2)
    #expect(batch.ids == [1, 6, 2, 0])
    #expect(batch.lengths == [2, 1])
  }

  @Test func emptyBatchesAreFine() throws {
    #expect(try PaddedBatch(chunk, records: []).ids == [])
    let empty = try PaddedBatch(chunk, records: [1])
    #expect(empty.steps == 0 && empty.lengths == [0])
  }

  @Test func wrongRecordsAreRefused() {
    #expect(throws: PipelineError.self) { try PaddedBatch(chunk, records: [4]) }
    #expect(throws: PipelineError.self) { try PaddedBatch(chunk, records: [-1]) }
    #expect(throws: PipelineError.self) { try PaddedBatch(chunk, records: [0], limit: -1) }
  }
}
