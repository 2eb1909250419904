import Pipeline
import Testing

@Suite struct BatchAssemblerTests {
  private func chunk(_ records: [[Int32]]) -> IDChunk {
    var chunk = IDChunk()
    for record in records {
      chunk.ids += record
      chunk.recordEnds.append(UInt32(chunk.ids.count))
    }
    return chunk
  }

  private func batches(
    _ records: [[Int32]], chunkSize: Int = 100,
    _ change: (inout BatchAssembler.Options) -> Void
  ) throws -> [IDBatch] {
    var options = BatchAssembler.Options()
    change(&options)
    var assembler = try BatchAssembler(options)
    var batches: [IDBatch] = []
    for start in stride(from: 0, to: records.count, by: chunkSize) {
      batches += try assembler.add(
        chunk(Array(records[start..<min(start + chunkSize, records.count)])))
    }
    return try batches + assembler.finish()
  }

  @Test func recordsArePaddedAndMasked() throws {
    let right = try batches([[1, 2, 3], [], [4]]) { $0.paddingID = 9 }
    #expect(right.count == 1)
    #expect(right[0].ids == [1, 2, 3, 9, 9, 9, 4, 9, 9])
    #expect(right[0].mask == [1, 1, 1, 0, 0, 0, 1, 0, 0])
    #expect(right[0].lengths == [3, 0, 1] && right[0].records == [0, 1, 2])
    let left = try batches([[1, 2, 3], [], [4]]) { $0.padding = .left }
    #expect(left[0].ids == [1, 2, 3, 0, 0, 0, 0, 0, 4])
    #expect(left[0].mask == [1, 1, 1, 0, 0, 0, 0, 0, 1])
  }

  @Test func lengthsAreCutAndRoundedUp() throws {
    let right = try batches([[1, 2, 3, 4, 5], [6]]) {
      ($0.maximumLength, $0.multiple) = (3, 4)
    }
    #expect(right[0].steps == 4)
    #expect(right[0].ids == [1, 2, 3, 0, 6, 0, 0, 0])
    let left = try batches([[1, 2, 3, 4, 5]]) { ($0.maximumLength, $0.truncation) = (2, .left) }
    #expect(left[0].ids == [4, 5])
  }

  @Test func withoutBucketsTheOrderStays() throws {
    let records = (0..<25).map { [Int32](repeating: 1, count: $0 * 7 % 11) }
    let all = try batches(records) { $0.size = 4 }
    #expect(all.flatMap(\.records) == Array(0..<25))
    #expect(all.map(\.count) == [4, 4, 4, 4, 4, 4, 1])
    let full = try batches(records) { ($0.size, $0.dropsLast) = (4, true) }
    #expect(full.map(\.count) == [4, 4, 4, 4, 4, 4])
  }

  @Test(arguments: [1, 3, 7, 100])
  func bucketsHoldEveryRecordOnceWithLittlePadding(chunkSize: Int) throws {
    let records = (0..<1003).map { [Int32](repeating: Int32($0), count: $0 * 7919 % 101) }
    let bucketed = try batches(records, chunkSize: chunkSize) {
      ($0.size, $0.bucketWindow) = (16, 256)
    }
    #expect(bucketed.flatMap(\.records).sorted() == Array(0..<1003))
    #expect(bucketed.dropLast().allSatisfy { $0.count == 16 })
    for batch in bucketed {
      for (n, record) in batch.records.enumerated() {
        #expect(Array(batch.row(n).prefix(Int(batch.lengths[n]))) == records[record])
      }
    }
    let plain = try batches(records) { $0.size = 16 }
    let area = { (batches: [IDBatch]) in batches.reduce(0) { $0 + $1.ids.count } }
    #expect(area(bucketed) * 3 < area(plain) * 2)
    let once = try batches(records) { ($0.size, $0.bucketWindow) = (16, 256) }
    #expect(once == bucketed)
  }

  @Test func impossibleSizesAreRefused() {
    for change: (inout BatchAssembler.Options) -> Void in [
      { $0.size = 0 }, { $0.multiple = 0 }, { $0.maximumLength = -1 }, { $0.bucketWindow = -1 },
    ] {
      #expect(throws: PipelineError.self) { try batches([[1]], change) }
    }
    #expect(throws: PipelineError.self) {
      try batches([[1], [2], [3]]) { $0.multiple = 1 << 30 }
    }
  }
}
