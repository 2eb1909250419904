import Glibc
import TestSupport
import Testing

/// Programs and libraries as stages of `seqtool run`, on the real binary: who may run what, what
/// they answer, and what their faults do.
@Suite(.timeLimit(.minutes(5))) struct RunCommandPluginTests {
  private let folder: TemporaryFolder
  private var seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    // What hangs here sleeps for ten minutes.
    seqtool.timeLimit = 60
  }

  private static let examples = BinaryRunner.packageFolder + "/examples/plugins"
  private static let names = "Doe, Jane\nCher\n\nŻółć ,  Ēriks\n , "
  private static let swapped = "Jane Doe\nCher\n\nĒriks Żółć\n \n"

  /// A program that says its number in `pids` before it does what the body says.
  private func python(_ body: String, name: String = "plugin") throws {
    try folder.write(
      name,
      """
      #!/usr/bin/env python3
      import os, signal, sys, time
      open('pids', 'a').write(f'{os.getpid()}\\n')
      \(body)

      """)
    chmod(folder.file(name), 0o755)
  }

  /// The processes that the programs said they were, and those of them that are still there. Of a
  /// program's children the end is asked for, but nobody waits for it: hence the patience.
  private func processes() throws -> (started: Int, survivors: [pid_t]) {
    let text = String(decoding: (try? folder.read("pids")) ?? [], as: UTF8.self)
    let processes = text.split(separator: "\n").compactMap { pid_t($0) }
    for _ in 0..<250 where processes.contains(where: isAlive) { usleep(20_000) }
    return (processes.count, processes.filter(isAlive))
  }

  private func isAlive(_ process: pid_t) -> Bool {
    guard let bytes = try? readFile("/proc/\(process)/stat") else { return false }
    let status = String(decoding: bytes, as: UTF8.self)
    let state = status.split(separator: ")").last?.split(separator: " ").first
    return state != "Z" && state != "X"
  }

  private func expectFault(_ result: BinaryResult, _ code: Int, _ words: String) throws {
    #expect(result.code == code, "\(result.end) \(result.errors)")
    #expect(result.errors.hasPrefix("seqtool: ") && result.errors.contains(words))
    #expect(result.errors.count { $0.isNewline } == 1, "\(result.errors)")
    #expect(try processes().survivors == [])
  }

  // MARK: - The examples

  private func library() throws -> String {
    let header = BinaryRunner.packageFolder + "/Sources/CSeqtoolPlugin/include"
    let result = try seqtool.shell(
      "cc -shared -fPIC -I '\(header)' '\(Self.examples)/c/swap_names.c' -o swap_names.so")
    #expect(result.code == 0, "\(result.errors)")
    return "library:./swap_names.so"
  }

  private static let lines = "exec:\(examples)/awk/swap_names.awk"
  private static let records =
    "process.run(program=\"\(examples)/python/swap_names.py\", mode=records)"

  @Test func everyExampleAnswersOnTheLine() throws {
    for stage in [Self.lines, Self.records, try library()] {
      let result = try seqtool.run(["run", "--stage", stage], input: Self.names.utf8)
      #expect(result.code == 0 && result.output == Self.swapped, "\(stage): \(result.errors)")
      #expect(result.stderr.isEmpty)
      let nothing = try seqtool.run(["run", "--stage", stage])
      #expect(nothing.code == 0 && nothing.stdout.isEmpty && nothing.stderr.isEmpty)
    }
  }

  @Test func manyRecordsKeepTheirNumberAndOrderOnEveryNumberOfThreads() throws {
    let count = 60_000
    try folder.write("in", (0..<count).map { "Name \($0), Given" }.joined(separator: "\n"))
    let expected = (0..<count).map { "Given Name \($0)\n" }.joined()
    for stage in [Self.lines, Self.records, try library()] {
      for threads in ["1", "3"] {
        let result = try seqtool.run("run", "--stage", stage, "-j", threads, "in")
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == expected, "\(stage) on \(threads) threads")
      }
    }
  }

  @Test func pluginsStandAmongOtherStages() throws {
    let stages = [
      "records.deduplicate", Self.lines, "normalize.case(mode=lower)", Self.records,
      "records.filter(minimum=5)", try library(), "segment.unicode(by=word)",
    ]
    let result = try seqtool.run(
      ["run"] + stages.flatMap { ["--stage", $0] }, input: (Self.names + "\nDoe, Jane").utf8)
    #expect(result.code == 0 && result.output == "jane doe\nēriks żółć\n", "\(result.errors)")
  }

  /// Only the protocol and a library can carry every byte that a record may have.
  @Test func nastyRecordsPassThrough() throws {
    let records = RecordFilterTests.nasty.filter { !$0.contains(0x2C) }
    let input = Array(records.joined(separator: [0x0A]))
    let plain = try seqtool.run(["normalize", "--form", "none", "--quiet"], input: input)
    for stage in [Self.records, try library()] {
      let result = try seqtool.run(["run", "--stage", stage, "--quiet"], input: input)
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.lines.count == records.count && result.stdout == plain.stdout)
    }
    let delimited = try seqtool.run(
      ["run", "-z", "--stage", "process.run(program=/bin/cat, framing=nul)"],
      input: Array("a\nb\0\0c".utf8))
    #expect(delimited.stdout == Array("a\nb\0\0c\0".utf8), "\(delimited.errors)")
  }

  @Test func aLineIsAnsweredBeforeTheNextIsAsked() throws {
    for stage in ["exec:/bin/cat", "process.run(program=/bin/cat, mode=stream)"] {
      let result = try seqtool.shell(
        """
        coproc seqtool run --line-buffered --stage '\(stage)'
        echo one >&"${COPROC[1]}"; read -r -t 60 answer <&"${COPROC[0]}"; echo "got $answer"
        echo two >&"${COPROC[1]}"; read -r -t 60 answer <&"${COPROC[0]}"; echo "got $answer"
        """)
      #expect(result.output == "got one\ngot two\n", "\(result.errors)")
    }
  }

  // MARK: - The end

  /// A program whose child would go on for ten minutes.
  private func programWithChild() throws {
    try python(
      """
      if os.fork() == 0:
        open('pids', 'a').write(f'{os.getpid()}\\n')
        os.close(1); os.close(2); time.sleep(600)
      for line in sys.stdin:
        print(line, end='', flush=True)
      """)
  }

  @Test(arguments: [("HUP", 129), ("TERM", 143)])
  func whatAProgramStartedEndsWithTheCommand(signal: String, code: Int) throws {
    try programWithChild()
    let result = try seqtool.shell(
      """
      ulimit -c 0; mkfifo in
      seqtool run --line-buffered --stage 'process.run(program=./plugin, mode=stream)' <in >out &
      exec 3>in; echo a >&3
      for _ in $(seq 600); do
        [ "$(cat pids 2>&1 | wc -l)" = 2 ] && [ -s out ] && break; sleep 0.05
      done
      kill -\(signal) $!; wait $!; echo "ended $?"
      """)
    #expect(result.output == "ended \(code)\n", "\(result.errors)")
    let (started, survivors) = try processes()
    #expect(started == 2 && survivors == [])
  }

  @Test func whatAProgramStartedEndsWhenNobodyReads() throws {
    try programWithChild()
    let result = try seqtool.shell(
      """
      yes | seqtool run -j 1 --stage 'process.run(program=./plugin, mode=stream)' | head -n 1
      echo "ended ${PIPESTATUS[1]}"
      """)
    #expect(result.output == "y\nended 141\n" && result.stderr.isEmpty, "\(result.errors)")
    let (started, survivors) = try processes()
    #expect(started == 2 && survivors == [])
  }

  // MARK: - Who may run what

  @Test func aFileRunsAProgramOnlyWhereTheUserSaysSo() throws {
    try python("sys.stdout.write(sys.stdin.read().upper())")
    try folder.write(
      "p.yaml", "- stage: normalize.unicode\n- {stage: process.run, program: ./plugin}\n")
    let refused: [[String]] = [
      [], ["--allow-library"], ["--dump-config"], ["--set", "2.timeLimit=5"],
      ["--set", "2.program=/bin/cat"], ["-o", "out"],
    ]
    for flags in refused {
      let result = try seqtool.run(["run", "p.yaml", "-"] + flags, input: "a\n".utf8)
      try expectFault(result, 64, "p.yaml:2: ")
      #expect(result.errors.contains("--allow-exec") && result.stdout.isEmpty)
    }
    #expect(try processes().started == 0)
    let allowed = try seqtool.run("run", "p.yaml", "-", "--allow-exec", text: "a\n")
    #expect(allowed.output == "A\n" && allowed.stderr.isEmpty, "\(allowed.errors)")
    var other = seqtool
    other.environment["SEQTOOL_ALLOW_EXEC"] = "true"
    #expect(try other.run("run", "p.yaml", "-", text: "a\n").output == "A\n")
    other.environment["SEQTOOL_ALLOW_EXEC"] = "false"
    #expect(try other.run("run", "p.yaml", "-", text: "a\n").code == 64)
  }

  /// Loading runs the library's constructors, so the refusal must come first.
  @Test func aFileLoadsALibraryOnlyWhereTheUserSaysSo() throws {
    try folder.write(
      "mark.c",
      """
      #include <fcntl.h>
      __attribute__((constructor)) static void mark(void) { open("loaded", O_CREAT, 0600); }

      """)
    #expect(try seqtool.shell("cc -shared -fPIC mark.c -o mark.so").code == 0)
    try folder.write("p.yaml", "- {stage: library.load, path: ./mark.so}\n")
    try folder.write(
      "both.yaml",
      "- {stage: library.load, path: ./mark.so}\n- {stage: process.run, program: /bin/cat}\n")
    let refused = [
      ["p.yaml"], ["p.yaml", "--allow-exec"], ["p.yaml", "--dump-config"],
      ["both.yaml", "--allow-library"],
    ]
    for arguments in refused {
      try expectFault(try seqtool.run(["run"] + arguments), 64, ".yaml:")
      #expect(throws: (any Error).self) { try folder.read("loaded") }
    }
    let allowed = try seqtool.run("run", "p.yaml", "--allow-library", text: "a\n")
    try expectFault(allowed, 69, "exports no seqtool_plugin_v1")
    #expect(try folder.read("loaded") == [])
  }

  @Test func aConfigurationFileAllowsNothing() throws {
    try python("sys.stdout.write(sys.stdin.read())")
    try folder.write("p.yaml", "- {stage: process.run, program: ./plugin}\n")
    let configurations = [
      "{\"run\": {\"allow-exec\": true}}", "{\"allow-exec\": true}",
      "{\"run\": {\"allow-library\": true}}", "{\"run\": {\"stage\": [\"exec:./plugin\"]}}",
      "{\"stage\": \"exec:./plugin\"}",
      "{\"run\": {\"stage\": [\"normalize.unicode\", \"process.run(program=./plugin)\"]}}",
      "{\"run\": {\"stage\": [\"library:./plugin\"]}}",
    ]
    for configuration in configurations {
      try folder.write("c.json", configuration)
      for variable in [false, true] {
        var runner = seqtool
        if variable { runner.environment["SEQTOOL_CONFIG"] = "c.json" }
        let flags = variable ? [] : ["--config", "c.json"]
        let result = try runner.run(["run", "p.yaml", "-"] + flags, input: "a\n".utf8)
        try expectFault(result, 64, "c.json:1: ")
      }
    }
    #expect(try processes().started == 0)
    // Other stages of a configuration are as good as ever.
    try folder.write("c.json", "{\"run\": {\"stage\": \"normalize.case(mode=lower)\"}}")
    #expect(try seqtool.run("run", "--config", "c.json", text: "A\n").output == "a\n")
  }

  @Test func theMergedPipelineReadsBackToTheSame() throws {
    let stage = "exec:/bin/sed -e 's/a b/\"c\"/'"
    let dumped = try seqtool.run("run", "--stage", stage, "--dump-config")
    #expect(dumped.output.hasPrefix("- stage: process.run@1\n"), "\(dumped.errors)")
    try folder.write("p.yaml", dumped.stdout)
    let again = try seqtool.run("run", "p.yaml", "--dump-config", "--allow-exec")
    #expect(again.stdout == dumped.stdout)
    let result = try seqtool.run("run", "p.yaml", "--allow-exec", "-", text: "a b\n")
    #expect(result.output == "\"c\"\n")
  }

  @Test(arguments: [
    ("exec:", "with a slash in it"), ("exec:cat", "with a slash in it"),
    ("exec:./x 'y", "is not closed"), ("library:x.so", "with a slash in it"),
    ("process.run", "with a slash in it"), ("process.run(program=/bin/cat, mode=line)", "lines"),
    ("process.run(program=/bin/cat, timeLimit=0)", "more than 0"),
  ])
  func wrongWordsAreUsageErrors(stage: String, words: String) throws {
    try expectFault(try seqtool.run("run", "--stage", stage), 64, words)
  }

  // MARK: - Faults

  private static let echo = """
    for line in sys.stdin.buffer:
      sys.stdout.buffer.write(line); sys.stdout.buffer.flush()

    """

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

  // MARK: - No orphans

  private static let stream = "process.run(program=./plugin, mode=stream)"

  @Test func aFaultElsewhereEndsThePrograms() throws {
    try python(Self.echo)
    try folder.write("in", (0..<40_000).map { "record \($0)\n" }.joined())
    let faults: [(arguments: [String], code: Int)] = [
      (["--stage", Self.stream, "--stage", "records.deduplicate(limit=10)", "in"], 65),
      (["--stage", "records.deduplicate(limit=10)", "--stage", Self.stream, "in"], 65),
      (["--stage", Self.stream, "--stage", "exec:/bin/false", "in"], 69),
      (["--stage", Self.stream, "in", "none"], 66),
      (["--stage", Self.stream, "--max-record", "8", "in"], 65),
    ]
    for fault in faults {
      for threads in ["1", "3"] {
        let result = try seqtool.run(["run", "-j", threads] + fault.arguments)
        try expectFault(result, fault.code, "")
      }
    }
    let full = try seqtool.shell("seqtool run --stage '\(Self.stream)' in > /dev/full")
    try expectFault(full, 74, "No space")
    #expect(try processes().started > 0)
  }

  @Test(arguments: ["exec:./plugin", stream])
  func aReaderThatGoesAwayEndsTheProgramsQuietly(stage: String) throws {
    try python(Self.echo)
    for threads in [1, 3] {
      let result = try seqtool.shell(
        "yes name | seqtool run -j \(threads) --stage '\(stage)' | head -n 1 > /dev/null; "
          + "exit ${PIPESTATUS[1]}")
      #expect(result.code == 141 && result.stderr.isEmpty, "\(result.errors)")
    }
    let (started, survivors) = try processes()
    #expect(started > 0 && survivors == [])
  }

  @Test(arguments: ["TERM", "HUP", "KILL"])
  func aSignalEndsTheProgramsToo(signal: String) throws {
    try python("time.sleep(600)")
    let result = try seqtool.shell(
      """
      mkfifo in
      seqtool run --line-buffered --stage '\(Self.stream)' < in & process=$!
      exec 3> in
      echo name >&3
      while [ ! -s pids ]; do sleep 0.05; done
      kill -\(signal) $process
      wait $process
      echo $?
      """)
    let code = ["TERM": "143", "HUP": "129", "KILL": "137"][signal]
    #expect(result.output == "\(code ?? "")\n")
    let (started, survivors) = try processes()
    #expect(started == 1 && survivors == [])
  }

  // MARK: - Shards

  @Test func anotherProgramIsAnotherShard() throws {
    try folder.write("in", "a\nb\n")
    try folder.write("fix", "#!/bin/sh\nexec tr a-z A-Z\n")
    chmod(folder.file("fix"), 0o755)
    let line = ["run", "--stage", "exec:./fix", "in", "--shard", "1/1", "-o", "part-{shard}"]
    #expect(try seqtool.run(line).code == 0)
    #expect(try seqtool.run(line).errors.contains("finished before"))
    try folder.write("fix", "#!/bin/sh\nexec cat\n")
    #expect(try seqtool.run(line).stderr.isEmpty)
    #expect(try folder.read("part-1") == Array("a\nb\n".utf8))
  }
}
