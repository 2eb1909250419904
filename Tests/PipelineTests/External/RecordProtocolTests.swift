import Pipeline
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct RecordProtocolTests {
  /// Reads the messages itself, so that a fault of the example's module cannot hide one of ours.
  static let server = """
    sys.stdin.buffer.readline(); out = sys.stdout.buffer
    out.write(b'seqtool-plugin 1\\n'); out.flush()
    while True:
      header = sys.stdin.buffer.readline().split()
      if not header: break
      if header[0] == b'flush':
        out.write(b'flushed ' + header[1] + b'\\n'); out.flush(); continue
      number, length = int(header[1]), int(header[2])
      text = sys.stdin.buffer.read(length); sys.stdin.buffer.read(1)
      ANSWER

    """

  static func stage(_ fixtures: Fixtures, answer: String) throws -> ProcessRun {
    let parts = server.split(separator: "ANSWER", omittingEmptySubsequences: false)
    return try fixtures.stage(fixtures.python(parts.joined(separator: answer)), .records)
  }

  @Test func everyRecordPasses() throws {
    let fixtures = try Fixtures()
    let stage = try Self.stage(
      fixtures, answer: "out.write(b'record %d %d\\n%s\\n' % (number, length, text))")
    #expect(try StageLaws.violations(of: stage, on: TextChunk(NaughtyText.records)) == [])
    let large = TextChunk((0..<30_000).map { "\($0)\n" + String(repeating: "x", count: $0 % 99) })
    #expect(
      try StageLaws.run(stage, on: [large]).map(\.bytes)
        == (0..<large.count).map { Array(large.bytes[large.range($0)]) })
  }

  @Test(arguments: [
    ("out.write(b'record %d 1\\nx\\n' % (number + 1))", "record 1 where 0 was due"),
    ("out.write(b'record %d 9\\nx\\n' % number)", "longer than it says"),
    ("out.write(b'record %d 1\\nxyz\\n' % number)", "longer than it says"),
    ("out.write(b'record %d -1\\nx\\n' % number)", "not of the protocol"),
    ("out.write(b'record %d 99999999999999999999\\nx\\n' % number)", "not of the protocol"),
    ("out.write(b'record %d 100000000\\nx\\n' % number)", "longer than 16777216"),
    ("out.write(b'error %d 3\\nbad\\n' % number)", "record 0: bad"),
    ("out.write(b'record %d 1\\nx\\n' % number * 2)", "record 0 where 1 was due"),
    ("if number != 1: out.write(b'record %d 1\\nx\\n' % number)", "gave only 1"),
    ("out.write(b'hello')", "not of the protocol"),
    ("out.write(b'flushed 2\\n')", "gave only 0"),
  ])
  func faultsOfTheReplyAreNamed(answer: String, says: String) throws {
    let fixtures = try Fixtures()
    let stage = try Self.stage(fixtures, answer: answer)
    let error = #expect(throws: PipelineError.self) {
      try StageLaws.run(stage, on: [TextChunk(["a", "b"])])
    }
    #expect("\(try #require(error))".contains(says), "\(String(describing: error))")
  }

  @Test func anotherVersionIsRefused() throws {
    let fixtures = try Fixtures()
    let path = try fixtures.python("print('seqtool-plugin 2', flush=True); time.sleep(600)")
    let error = #expect(throws: PipelineError.self) {
      try StageLaws.run(fixtures.stage(path, .records), on: [TextChunk(["a"])])
    }
    #expect("\(try #require(error))".contains("instead of \"seqtool-plugin 1\""))
  }
}
