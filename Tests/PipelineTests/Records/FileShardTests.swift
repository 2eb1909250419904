import Pipeline
import TestSupport
import Testing

@Suite struct FileShardTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func records(_ path: String, _ index: Int, _ count: Int) throws -> [[UInt8]] {
    let shard = try FileShard(path, index: index, count: count)
    var options = RecordOptions()
    options.readBytes = 3
    options.chunkBytes = 16
    let reader = try RecordReader(shard: shard, options: options)
    var records: [[UInt8]] = []
    while let chunk = try reader.next() {
      records += (0..<chunk.count).map { Array(chunk.raw[$0]) }
    }
    return records
  }

  @Test(arguments: [
    "", "\n", "one", "one\n", "a\nbb\nccc\n\n\ndddd\neeeeeeeeeeeeeeeeeeeeeeeeee\nf", "\n\n\n\n\n",
    "long first line that covers most shards\nx\n", "a\r\nb\r\n",
    "\u{FEFF}a\n\u{FEFF}b\n\u{FEFF}c\n",
  ])
  func theShardsInOrderAreTheFile(text: String) throws {
    let path = try folder.write("in", text)
    let whole = try records(path, 1, 1)
    for count in 1...30 {
      let parts = try (1...count).map { try records(path, $0, count) }
      #expect(Array(parts.joined()) == whole, "\(count) shards")
    }
  }

  @Test func largeFilesAreCutEvenly() throws {
    let lines = (0..<50_000).map { "record number \($0)" }
    let path = try folder.write("in", lines.joined(separator: "\n"))
    let parts = try (1...7).map { try records(path, $0, 7) }
    #expect(parts.joined().map { String(decoding: $0, as: UTF8.self) } == lines)
    for part in parts { #expect((6500...8000).contains(part.count)) }
  }

  @Test func wrongShardsAreRefused() throws {
    let path = try folder.write("in", "a\n")
    for (index, count) in [(0, 1), (2, 1), (1, 0), (-1, 3)] {
      #expect(throws: PipelineError.self) { try FileShard(path, index: index, count: count) }
    }
    let missing = #expect(throws: PipelineError.self) {
      try FileShard(folder.file("none"), index: 1, count: 1)
    }
    #expect(missing?.category == .noInput)
    #expect(throws: PipelineError.self) { try FileShard("/dev/null", index: 1, count: 1) }
  }
}
