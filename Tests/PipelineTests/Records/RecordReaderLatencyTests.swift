import Glibc
import Pipeline
import TestSupport
import Testing

/// A reader on a pipe whose writer pauses.
@Suite struct RecordReaderLatencyTests {
  private func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(Glibc.pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  private func send(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
  }

  private func reader(_ descriptor: Int32, latency: UInt64?) throws -> RecordReader {
    var options = RecordOptions()
    options.maximumLatency = latency
    return try RecordReader(descriptor: descriptor, name: "pipe", options: options)
  }

  /// Would hang if the reader waited for a full chunk.
  @Test(arguments: [0, 1_000_000] as [UInt64])
  func completeRecordsAreHandedOnWhenTheInputPauses(latency: UInt64) throws {
    let (input, output) = try pipe()
    defer { close(input) }
    let reader = try reader(input, latency: latency)
    send("one\ntwo\nthr", to: output)
    let first = try #require(try reader.next())
    #expect((0..<first.count).map(first.text.string) == ["one", "two"])
    send("ee\n", to: output)
    let second = try #require(try reader.next())
    #expect((0..<second.count).map(second.text.string) == ["three"])
    #expect(second.firstRecord == 3)
    send("last", to: output)
    close(output)
    let third = try #require(try reader.next())
    #expect(third.text.string(0) == "last")
    #expect(try reader.next() == nil)
  }

  @Test func withoutALatencyAChunkIsFilled() throws {
    let (input, output) = try pipe()
    defer { close(input) }
    send("one\n", to: output)
    send("two\n", to: output)
    close(output)
    let chunk = try #require(try reader(input, latency: nil).next())
    #expect(chunk.count == 2)
  }

  @Test func aRecordShorterThanAMarkIsNotHeldBack() throws {
    let (input, output) = try pipe()
    defer {
      close(input)
      close(output)
    }
    send("a\n", to: output)
    let chunk = try #require(try reader(input, latency: 0).next())
    #expect(chunk.text.string(0) == "a")
  }

  @Test func aPipeThatDoesNotBlockIsWaitedFor() throws {
    let (input, output) = try pipe()
    defer { close(input) }
    #expect(fcntl(input, F_SETFL, O_NONBLOCK) == 0)
    let reader = try reader(input, latency: 0)
    send("a\nb", to: output)
    #expect(try reader.next()?.count == 1)
    close(output)
    #expect(try reader.next()?.text.string(0) == "b")
    #expect(try reader.next() == nil)
  }
}
