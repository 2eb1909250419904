import Glibc
import Pipeline
import TestSupport
import Testing

@Suite struct RecordWriterTests {
  @Test func bytesComeOutInOrder() throws {
    let folder = try TemporaryFolder()
    let descriptor = open(folder.file("t"), O_WRONLY | O_CREAT, 0o600)
    try #require(descriptor >= 0)
    let writer = RecordWriter(descriptor: descriptor, capacity: 10)
    var expected: [UInt8] = []
    for size in [0, 1, 3, 9, 10, 11, 2, 100, 1, 8, 1] {
      let piece = (0..<size).map { UInt8(truncatingIfNeeded: expected.count + $0) }
      expected += piece
      try writer.write(piece)
    }
    try writer.flush()
    close(descriptor)
    #expect(try folder.read("t") == expected)
  }

  @Test func nothingIsWrittenBeforeTheBufferIsFull() throws {
    let folder = try TemporaryFolder()
    let descriptor = open(folder.file("t"), O_WRONLY | O_CREAT, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let writer = RecordWriter(descriptor: descriptor, capacity: 10)
    try writer.write([1, 2, 3])
    #expect(try folder.read("t") == [])
    try writer.flush()
    #expect(try folder.read("t") == [1, 2, 3])
  }

  @Test func aClosedReaderIsNoticed() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let writer = RecordWriter(descriptor: ends[1])
    try writer.write([1])
    #expect(throws: PipelineError.outputClosed) { try writer.flush() }
  }

  @Test func aFullDiskIsNamed() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let writer = RecordWriter(descriptor: descriptor)
    try writer.write([1])
    #expect(throws: PipelineError.outputFailed(code: ENOSPC)) { try writer.flush() }
    let named = RecordWriter(descriptor: descriptor, file: "f")
    try named.write([1])
    #expect(
      throws: PipelineError.cannotWrite(file: "f", operation: "write", code: ENOSPC)
    ) { try named.flush() }
  }
}
