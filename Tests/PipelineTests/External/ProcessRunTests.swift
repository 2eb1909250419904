import Glibc
import Pipeline
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct ProcessRunTests {
  /// Naughty records without the byte that frames them.
  static func records(without byte: UInt8) -> TextChunk {
    TextChunk(NaughtyText.records.filter { !$0.utf8.contains(byte) })
  }

  static func strings(_ stage: ProcessRun, _ records: [String]) throws -> [String] {
    try StageLaws.run(stage, on: [TextChunk(records)]).map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
  }

  @Test func everyModeKeepsTheLawsOfAStage() throws {
    let fixtures = try Fixtures()
    let cat = try fixtures.stage("/bin/cat", .lines)
    #expect(try StageLaws.violations(of: cat, on: Self.records(without: 0x0A)) == [])
    let stream = try fixtures.stage("/bin/cat", .stream)
    #expect(try StageLaws.violations(of: stream, on: Self.records(without: 0x0A)) == [])
    let nul = try fixtures.stage("/bin/cat", .stream) { $0.framing = .nul }
    #expect(try StageLaws.violations(of: nul, on: Self.records(without: 0)) == [])
    let tr = try fixtures.stage("/usr/bin/tr") { $0.arguments = ["a-z", "A-Z"] }
    #expect(try StageLaws.violations(of: tr, on: Self.records(without: 0x0A)) == [])
    #expect(try Self.strings(tr, ["ab", "", "c"]) == ["AB", "", "C"])
  }

  @Test func offsetsAreThoseOfTheWholeRecord() throws {
    let tr = try Fixtures().stage("/usr/bin/tr") { $0.arguments = ["a-z", "A-Z"] }
    let text = Self.records(without: 0x0A)
    #expect(try StageLaws.offsetViolations(of: tr, on: text) == [])
  }

  @Test func recordsThatFramingWouldCutAreRefused() throws {
    let fixtures = try Fixtures()
    let lines = try fixtures.stage("/bin/cat", .lines)
    let error = #expect(throws: PipelineError.self) { try Self.strings(lines, ["a", "b\nc"]) }
    #expect("\(try #require(error))".contains("record 2 has a line feed inside"))
    let nul = try fixtures.stage("/bin/cat", .lines) { $0.framing = .nul }
    #expect(try Self.strings(nul, ["a", "b\nc"]) == ["a", "b\nc"])
    #expect(throws: PipelineError.self) { try Self.strings(nul, ["a\0"]) }
  }

  /// Far more than any pipe holds, in both directions and on stderr at once.
  @Test(arguments: [ProcessRun.Mode.lines, .stream])
  func largeChunksDoNotDeadlock(_ mode: ProcessRun.Mode) throws {
    let fixtures = try Fixtures()
    let path = try fixtures.python(
      """
      while True:
        block = os.read(0, 1 << 20)
        if not block: break
        os.write(2, block[:1000])
        while block: block = block[os.write(1, block):]
      """)
    let records = (0..<40_000).map { "record \($0) " + String(repeating: "é", count: $0 % 200) }
    let stage = try fixtures.stage(path, mode)
    #expect(try Self.strings(stage, records) == records)
    #expect(!fixtures.said.all.isEmpty)
  }

  @Test func whatAProgramSaysIsPassedOnSafely() throws {
    let fixtures = try Fixtures()
    let path = try fixtures.shell(#"printf 'one\033[2J\n\ntwo' >&2; exec cat"#)
    #expect(try Self.strings(fixtures.stage(path), ["a"]) == ["a"])
    #expect(fixtures.said.all == ["\(path): one\\u{1B}[2J", "\(path): two"])
  }

  @Test func whatAProgramSaidLastStandsInTheError() throws {
    let fixtures = try Fixtures()
    let path = try fixtures.shell("echo 'the table is missing' >&2; exit 3")
    let error = #expect(throws: PipelineError.self) {
      try Self.strings(fixtures.stage(path), ["a"])
    }
    let text = "\(try #require(error))"
    #expect(text.contains("exit code 3") && text.hasSuffix("was: the table is missing"), "\(text)")
  }

  @Test(arguments: [ProcessRun.Mode.lines, .stream])
  func aRestartLosesAndDoublesNothing(_ mode: ProcessRun.Mode) throws {
    let fixtures = try Fixtures()
    // Dies midway the first time only.
    let path = try fixtures.shell(
      """
      if [ -e "$1" ]; then exec cat; fi
      touch "$1"; read line; echo "$line"; exit 1
      """)
    let arguments = [fixtures.folder.file("mark")]
    let once = try fixtures.stage(path, mode) { ($0.arguments, $0.restarts) = (arguments, 1) }
    #expect(try Self.strings(once, ["a", "b", "c"]) == ["a", "b", "c"])
    unlink(arguments[0])
    let never = try fixtures.stage(path, mode) { $0.arguments = arguments }
    #expect(throws: PipelineError.self) { try Self.strings(never, ["a", "b", "c"]) }
  }

  @Test func theProgramGetsLittleOfTheEnvironment() throws {
    let fixtures = try Fixtures()
    setenv("SEQTOOL_TEST_SECRET", "1", 1)
    let path = try fixtures.shell(
      #"while read line; do echo "${SEQTOOL_TEST_SECRET:-none} $LC_ALL"; done"#)
    #expect(try Self.strings(fixtures.stage(path), ["a"]) == ["none C.UTF-8"])
    let named = try fixtures.stage(path) { $0.environment = ["SEQTOOL_TEST_SECRET"] }
    #expect(try Self.strings(named, ["a"]) == ["1 C.UTF-8"])
  }

  @Test func theProgramGetsNoDescriptorOfOurs() throws {
    let fixtures = try Fixtures()
    let secret = open("/dev/null", O_RDONLY)
    defer { close(secret) }
    let path = try fixtures.python(
      """
      for line in sys.stdin: print(sorted(set(map(int, os.listdir('/proc/self/fd'))) - {0, 1, 2}))
      """)
    let found = try Self.strings(fixtures.stage(path), ["a"])
    // The one that reads the folder.
    #expect(found == ["[3]"])
  }

  @Test func optionsAreChecked() throws {
    let registry = try Registry(ExternalStages.all)
    let mistakes: [JSONValue] = [
      ["program": "cat"], ["program": "/bin/cat", "timeLimit": 0],
      ["program": "/bin/cat", "maxRecord": 0], ["program": "/bin/cat", "restarts": -1],
      ["program": "/bin/cat", "arguments": ["a\0"]], ["program": "/bin/cat", "mode": "shell"],
    ]
    for mistake in mistakes {
      #expect(throws: PipelineError.self, "\(mistake)") {
        try registry.make("process.run@1", options: mistake)
      }
    }
    #expect(
      try registry.make("process.run@1", options: ["program": "/bin/cat"]).descriptor.isExternal)
  }
}
