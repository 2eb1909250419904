import TestSupport
import Testing

/// What a program started ends with the command, however that ends.
@Suite(.timeLimit(.minutes(5))) struct PluginEndTests: PluginSuite {
  let folder: TemporaryFolder
  let seqtool: BinaryRunner

  init() throws { (folder, seqtool) = try Self.fixture() }

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
}
