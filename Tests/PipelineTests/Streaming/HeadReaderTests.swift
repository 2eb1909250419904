import Pipeline
import Testing

@Suite struct HeadReaderTests {
  private func reader(_ head: Chain, _ chunks: [RecordChunk]) throws -> HeadReader {
    var rest = chunks[...]
    return try HeadReader(head) { rest.popFirst() }
  }

  private func records(_ texts: [String], skipped: [Int] = []) -> RecordChunk {
    let text = TextChunk(texts)
    return RecordChunk(
      file: "f", raw: RawRecords(bytes: text.bytes, ends: text.ends), text: text, skipped: skipped)
  }

  @Test func droppedRecordsLeaveNoTrace() throws {
    let head = try Chain(FilterRecords(options: .init(minimum: 2)))
    let reader = try reader(
      head, [records(["a", "bb"]), records(["c"]), records(["dd", "", "ee"], skipped: [1])])
    var texts: [String] = []
    var numbers: [Int] = []
    while let (records, payload) = try reader.nextChunk() {
      #expect(records.count == payload.count && payload.count > 0)
      texts += (0..<records.count).map(records.text.string)
      numbers.append(records.firstRecord)
    }
    #expect(texts == ["bb", "dd", "ee"])
    #expect(numbers == [1, 2])
  }

  @Test func malformedRecordsThatAreSkippedDoNotReachTheHead() throws {
    let reader = try reader(try Chain(Join()), [records(["a", "", "b"], skipped: [1])])
    let (records, _) = try #require(try reader.nextChunk())
    #expect(records.text.string(0) == "ab")
    let none = try reader.nextChunk()
    #expect(none == nil)
  }

  @Test func aChainIsCutBehindItsLastStageThatCounts() throws {
    let plain = try Chain(Prefix(options: .init()))
    #expect(try plain.cutAfterLastCountingStage().head == nil)
    #expect(try plain.cutAfterLastCountingStage().tail?.stages.count == 1)
    let mixed = try Chain(Prefix(options: .init()), Join(), Prefix(options: .init()))
    #expect(try mixed.cutAfterLastCountingStage().head?.stages.count == 2)
    #expect(try mixed.cutAfterLastCountingStage().tail?.stages.count == 1)
    #expect(try Chain(Join()).cutAfterLastCountingStage().tail == nil)
  }
}
