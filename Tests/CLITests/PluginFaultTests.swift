import Glibc
import TestSupport
import Testing

/// What the faults of programs do: one line, an exit code, no process left.
@Suite(.timeLimit(.minutes(5))) struct PluginFaultTests: PluginSuite {
  let folder: TemporaryFolder
  let seqtool: BinaryRunner

  init() throws { (folder, seqtool) = try Self.fixture() }

  struct Fault: CustomTestStringConvertible, Sendable {
    var mode: String
    var body: String
    /// Seconds: long where the program is not meant to be late, for machines are busy.
    var limit = 30
    var says: String

    var testDescription: String { "\(mode): \(says)" }
  }

  static let faults: [Fault] = [
    Fault(mode: "lines", body: "time.sleep(600)", limit: 3, says: "no full answer within 3.0 s"),
    Fault(
      mode: "stream", body: "sys.stdin.readline(); print('a', flush=True); time.sleep(600)",
      limit: 3, says: "1 of 3"),
    Fault(
      mode: "records", body: "time.sleep(600)", limit: 3, says: "handshake was not answered"),
    Fault(mode: "lines", body: "sys.exit(0)", says: "gave only 0"),
    Fault(mode: "lines", body: "sys.stdin.read(); sys.exit(3)", says: "ended with exit code 3"),
    Fault(mode: "lines", body: "os.kill(os.getpid(), signal.SIGSEGV)", says: "signal 11"),
    Fault(mode: "lines", body: "sys.stdin.readline(); print('a')", says: "gave only 1"),
    Fault(
      mode: "lines", body: "sys.stdout.write(sys.stdin.read() + 'd\\n')",
      says: "more records than the 3"),
    Fault(
      mode: "lines", body: "sys.stdin.read(); sys.stdout.buffer.write(b'a\\n\\xff\\nc\\n')",
      says: "not well-formed UTF-8"),
    Fault(
      mode: "lines",
      body: """
        sys.stdout.write(sys.stdin.read()); sys.stdout.flush()
        if os.fork() == 0:
          open('pids', 'a').write(f'{os.getpid()}\\n')
          time.sleep(600)
        """, says: "holds its output open"),
    // What only the end of the stream shows.
    Fault(mode: "stream", body: echo + "sys.exit(3)", says: "ended with exit code 3"),
    Fault(mode: "stream", body: echo + "print('d')", says: "gave more records than it took"),
    Fault(
      mode: "stream", body: echo + "os.close(1); time.sleep(600)", limit: 3,
      says: "did not end within 3.0 s"),
  ]

  @Test(arguments: faults)
  func aFaultIsOneLineThatNamesThePlugin(_ fault: Fault) throws {
    try python(fault.body)
    let stage =
      "process.run(program=./plugin, mode=\(fault.mode), timeLimit=\(fault.limit), "
      + "startLimit=\(fault.limit))"
    let lines: [[String]] = [
      ["--stage", stage], ["--stage", stage, "--stage", "records.deduplicate"],
      ["--stage", "normalize.unicode", "--stage", stage, "-o", "out"],
    ]
    for line in lines {
      let result = try seqtool.run(["run", "-j", "2"] + line, input: "a\nb\nc\n".utf8)
      try expectFault(result, 69, fault.says)
      #expect(result.errors.hasPrefix("seqtool: plugin \"./plugin\": "))
      // Records of a chunk come all or not at all.
      #expect(["", "a\nb\nc\n"].contains(result.output))
    }
    #expect(throws: (any Error).self, "a file appears when it is complete") {
      try folder.read("out")
    }
    #expect(try processes().started == (fault.says.contains("holds") ? 6 : 3))
  }

  @Test func aProgramThatCannotStartSaysWhy() throws {
    try folder.write("plain", "#!/bin/sh\nexec cat\n")
    try expectFault(
      try seqtool.run("run", "--stage", "exec:./plain", text: "a\n"), 69, "chmod +x")
    try expectFault(
      try seqtool.run("run", "--stage", "exec:./none", text: "a\n"), 69, "No such file")
    try expectFault(
      try seqtool.run("run", "--stage", "exec:/bin", text: "a\n"), 69, "plugin \"/bin\"")
    try expectFault(
      try seqtool.run("run", "--stage", "library:./none.so", text: "a\n"), 69, "No such file")
    chmod(folder.file("plain"), 0o777)
    try expectFault(
      try seqtool.run("run", "--stage", "exec:./plain", text: "a\n"), 69, "chmod o-w")
    chmod(folder.file("plain"), 0o755)
    let result = try seqtool.run("run", "--stage", "exec:./plain", text: "a\n")
    #expect(result.output == "a\n", "the fixture itself is sound: \(result.errors)")
  }

  @Test func whatAProgramSaysOnStderrStandsUnderItsName() throws {
    try python("sys.stderr.write('one\\n\\x1b[2Jtwo'); sys.stdout.write(sys.stdin.read())")
    let result = try seqtool.run("run", "--stage", "exec:./plugin", text: "a\n")
    #expect(result.code == 0 && result.output == "a\n")
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("./plugin: ") })
    #expect(!result.errors.unicodeScalars.contains("\u{1B}"))
  }
}
