import Glibc
import Pipeline
import TestSupport
import Testing

/// The sixteen things that a plugin can do wrong. Each must end in an error that names the plugin
/// within its time limit and a second, must leave no process behind, and must give on no record.
@Suite(.timeLimit(.minutes(3))) struct PluginMisbehaviourTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var mode = ProcessRun.Mode.stream
    /// The body of a Python program that has written its number to `pids`; `nil` for none.
    var body: String?
    var mayExecute = true
    var limit = 20.0
    /// What the error must say.
    var says: String

    var testDescription: String { name }
  }

  static let readAll = "data = sys.stdin.buffer.readline()\n"
  static let greet = """
    sys.stdin.buffer.readline()
    sys.stdout.write('seqtool-plugin 1\\n'); sys.stdout.flush()

    """
  static let echo = """
    for line in sys.stdin.buffer:
      sys.stdout.buffer.write(line); sys.stdout.buffer.flush()

    """

  static let cases: [Case] = [
    Case(name: "missing", says: "No such file"),
    Case(name: "not executable", body: "", mayExecute: false, says: "Permission denied"),
    Case(name: "exits 0 at once", body: "sys.exit(0)", says: "exit code 0"),
    Case(
      name: "exits 1 midway",
      body: "sys.stdout.buffer.write(sys.stdin.buffer.readline()); sys.exit(1)",
      says: "exit code 1 too early (1 of 3"),
    Case(
      name: "SIGSEGV", body: readAll + "os.kill(os.getpid(), signal.SIGSEGV)",
      says: "signal 11"),
    Case(
      name: "SIGKILLed", body: readAll + "os.kill(os.getpid(), signal.SIGKILL)", says: "signal 9"),
    Case(
      name: "hangs before the handshake", mode: .records, body: "time.sleep(600)", limit: 4,
      says: "handshake was not answered"),
    Case(
      name: "hangs midway",
      body: "sys.stdout.buffer.write(sys.stdin.buffer.readline())\n"
        + "sys.stdout.flush(); time.sleep(600)", limit: 4, says: "1 of 3"),
    Case(
      name: "ignores SIGTERM",
      body: "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", limit: 4,
      says: "within 4.0 s"),
    Case(
      name: "floods stderr",
      body: "block = b'e' * 99 + b'\\n'\n"
        + "for i in range(1 << 20): os.write(2, block * 1000)", says: "bytes to stderr"),
    Case(
      name: "floods stdout",
      body: "for i in range(1 << 20): os.write(1, b'flood\\n' * 1000)", says: "more records"),
    Case(
      name: "one line too few", mode: .lines,
      body: "sys.stdout.buffer.write(b''.join(list(sys.stdin.buffer)[:-1]))",
      says: "gave only 2"),
    Case(
      name: "one line too many", mode: .lines,
      body: "sys.stdout.buffer.write(sys.stdin.buffer.read() + b'extra\\n')",
      says: "more records"),
    Case(
      name: "100 MB line",
      body: "for i in range(100): os.write(1, b'x' * 1000000)", says: "longer than 16777216"),
    Case(
      name: "invalid UTF-8",
      body: "sys.stdout.buffer.write(b'a\\nb\\xff\\nc\\n'); sys.stdout.flush(); time.sleep(600)",
      says: "not well-formed UTF-8"),
    Case(
      name: "NUL", body: "sys.stdout.buffer.write(b'a\\nb\\0\\nc\\n'); sys.stdout.flush()",
      says: "NUL inside"),
    Case(
      name: "CRLF",
      body: "sys.stdout.buffer.write(b'a\\r\\nb\\r\\nc\\r\\n'); sys.stdout.flush()",
      says: "ends in CR"),
    Case(
      name: "a grandchild keeps the pipe open", mode: .lines,
      body: """
        data = sys.stdin.buffer.read()
        sys.stdout.buffer.write(data); sys.stdout.flush()
        if os.fork() == 0:
          open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')
          time.sleep(600)
        time.sleep(0.3)
        """, says: "holds its output open"),
  ]

  @Test(arguments: cases)
  func endsInAnErrorWithTheName(_ example: Case) throws {
    let fixtures = try Fixtures()
    let begin = "open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n"
    var path = fixtures.folder.file("plugin.py")
    if let body = example.body { path = try fixtures.python(begin + body) }
    if !example.mayExecute { chmod(path, 0o644) }
    let stage = try fixtures.stage(path, example.mode) {
      $0.arguments = [fixtures.folder.file("pids")]
      ($0.timeLimit, $0.startLimit) = (example.limit, example.limit)
    }
    var runner = try AnyStage(stage).makeRunner()
    let start = ContinuousClock.now
    let error = #expect(throws: PipelineError.self) {
      try runner.consume(TextChunk(["a", "b", "c"]))
    }
    let limit = Duration.seconds(example.limit + 1)
    #expect(ContinuousClock.now - start < limit, "the bound is the contract, not a speed")
    let caught = try #require(error)
    #expect(caught.category == .plugin)
    #expect(caught.description.hasPrefix("plugin \"\(path)\": "), "\(caught)")
    #expect(caught.description.contains(example.says), "\(caught)")
    let started = example.body != nil && example.mayExecute
    #expect(fixtures.pidsWritten == (example.name.contains("grandchild") ? 2 : started ? 1 : 0))
    #expect(try fixtures.survivors() == [])
  }

  @Test(arguments: [ProcessRun.Mode.stream, .records])
  func aProgramThatGoesOnTalkingIsCaughtAtTheEnd(_ mode: ProcessRun.Mode) throws {
    let fixtures = try Fixtures()
    let greeting = mode == .records ? Self.greet : ""
    let answer =
      mode == .records
      ? "[sys.stdin.buffer.readline() for i in range(3)]\nos.write(1, b'record 0 1\\nx\\nflushed 1\\n')\n"
      : Self.readAll + "os.write(1, data)\n"
    let path = try fixtures.python(
      greeting + answer + "sys.stdin.read(); os.write(1, b'extra\\n')")
    var runner = try AnyStage(fixtures.stage(path, mode)).makeRunner()
    #expect(try runner.consume(TextChunk(["a"])).count == 1)
    let error = #expect(throws: PipelineError.self) { try runner.finish() }
    #expect("\(try #require(error))".contains("gave more records than it took"))
  }

  @Test func aRunnerThatIsDroppedLeavesNoProcess() throws {
    let fixtures = try Fixtures()
    let path = try fixtures.python(
      "open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n" + Self.echo)
    do {
      let stage = try fixtures.stage(path, .stream) {
        $0.arguments = [fixtures.folder.file("pids")]
      }
      var runner = try AnyStage(stage).makeRunner()
      _ = try runner.consume(TextChunk(["a"]))
      #expect(try fixtures.survivors(patience: 0).count == 1)
    }
    #expect(try fixtures.survivors() == [])
  }

  @Test func filesThatAnyoneCanWriteAreRefused() throws {
    let fixtures = try Fixtures()
    let path = try fixtures.shell("exec cat")
    chmod(path, 0o777)
    let error = #expect(throws: PipelineError.self) {
      try StageLaws.run(fixtures.stage(path), on: [TextChunk(["a"])])
    }
    #expect("\(try #require(error))".contains("chmod o-w"))
  }
}
