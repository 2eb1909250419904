import Pipeline
import TestSupport
import Testing

@Suite struct TuneCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private static let search = [
    "--space", "space.yaml", "--trials", "4", "--rungs", "2", "--factor", "2",
  ]

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    try folder.write("t", (0..<160).map { "\($0 % 3 == 0 ? "a" : "b")\tx\($0)y\n" }.joined())
    try folder.write("dev", (160..<220).map { "\($0 % 3 == 0 ? "a" : "b")\tx\($0)y\n" }.joined())
    try folder.write(
      "space.yaml",
      """
      hidden: [8, 12]
      learning_rate: {log: [1e-3, 3e-2]}
      dropout: {uniform: [0, 0.5]}
      layers: 1
      epochs: 6
      teacher: none
      bidirectional: [true, false]
      """)
  }

  private func tune(_ name: String, _ arguments: String...) throws -> BinaryResult {
    try seqtool.run(
      ["tune", "t", "--dev", "dev", "--folder", name] + Self.search + arguments)
  }

  /// The winning options, given to `train classify`, make the winning trial's model.
  @Test func theBestTrialIsAnOrdinaryTraining() throws {
    let result = try tune("s", "-o", "m", "--json")
    #expect(result.code == 0, "\(result.errors)")
    let trained = try seqtool.run(
      "train", "classify", "t", "--dev", "dev", "--config", "s/best.json", "-o", "again", "-q")
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(try folder.read("again") == folder.read("m"))
    let trials = try JSONParser.parse(result.stdout).arrayValue ?? []
    #expect(trials.map { $0["epochs"] } == [6, 6, 3, 3])
    let best = try #require(trials.first)
    let config = try JSONParser.parse(folder.read("s/best.json"))
    #expect(config["train classify"] == best["options"])
    let losses = trials.compactMap { $0["dev_loss"]?.doubleValue }
    #expect(losses[0] <= losses[1] && losses[2] <= losses[3])
    let inspected = try JSONParser.parse(try seqtool.run("inspect", "m", "--json").stdout)
    let kept = inspected["provenance"]?["result"]?["dev_loss"]?.doubleValue ?? -1
    #expect(abs(kept - losses[0]) < 1e-6)
    // Four trials to the first rung, two to the second.
    #expect(result.errors.split(separator: "\n").count == 6)
  }

  @Test func threadsChangeNothingAndTheSeedDoes() throws {
    let one = try tune("1", "-j", "1")
    let two = try tune("2", "-j", "2")
    #expect(one.code == 0 && one == two)
    #expect(try folder.read("1/journal.jsonl") == folder.read("2/journal.jsonl"))
    #expect(one.lines.count == 5)
    let other = try tune("3", "--seed", "2", "-q")
    #expect(other.code == 0 && other.stdout != one.stdout && other.stderr.isEmpty)
  }

  /// Whatever stops a search, the same command ends in the same journal and the same model.
  @Test(arguments: ["INT", "KILL"])
  func aStoppedSearchGoesOn(signal: String) throws {
    let whole = try tune("whole", "-o", "w", "-q")
    #expect(whole.code == 0)
    let script = """
      for i in 1 2 3 4 5 6 7 8; do
        seqtool tune t --dev dev --folder s \(Self.search.joined(separator: " ")) -o m -q \\
          > out & pid=$!
        sleep 0.0$((i * 3 % 10))
        kill -\(signal) $pid 2> /dev/null
        wait $pid; code=$?
        case $code in 0) break ;; 75|130|137) ;; *) exit $code ;; esac
      done
      seqtool tune t --dev dev --folder s \(Self.search.joined(separator: " ")) -o m -q
      """
    let stopped = try seqtool.shell(script)
    #expect(stopped.code == 0, "\(stopped.errors)")
    #expect(stopped.stdout == whole.stdout)
    #expect(try folder.read("s/journal.jsonl") == folder.read("whole/journal.jsonl"))
    #expect(try folder.read("m") == folder.read("w"))
  }

  /// A line that was cut short is done again.
  @Test func aTornJournalIsMended() throws {
    #expect(try tune("s", "-q").code == 0)
    let whole = try folder.read("s/journal.jsonl")
    try folder.write("s/journal.jsonl", whole.dropLast(9))
    #expect(try tune("s", "-q").code == 0)
    #expect(try folder.read("s/journal.jsonl") == whole)
    try folder.write("s/journal.jsonl", whole + Array("{}\n".utf8))
    let broken = try tune("s", "-q")
    #expect(broken.code == 65 && broken.errors.contains("journal.jsonl:8"))
  }

  @Test func anotherSearchIsRefused() throws {
    #expect(try tune("s", "-q").code == 0)
    let other = try tune("s", "-q", "--seed", "2")
    #expect(other.code == 65)
    #expect(other.errors.contains("seed differs"))
    try folder.write("x/journal.jsonl", "hello\n")
    #expect(try tune("x", "-q").code == 65)
  }

  /// A language model's search is the same search.
  @Test func languageModelsAreTunedToo() throws {
    try folder.write("text", String(repeating: "the cat sat on the mat\nthe dog ran\n", count: 40))
    try folder.write(
      "space.yaml",
      "{hidden: [8, 12], embedding: 6, layers: 1, epochs: 4, bptt: [8, 16], batch-size: 8}")
    let search = ["tune", "--task", "lm", "text", "--folder", "s", "-o", "m", "-q"] + Self.search
    let result = try seqtool.run(search)
    #expect(result.code == 0, "\(result.errors)")
    let trained = try seqtool.run(
      "train", "lm", "text", "--config", "s/best.json", "-o", "again", "-q")
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(try folder.read("again") == folder.read("m"))
    #expect(result.lines.count == 5)
    let other = try seqtool.run(["tune", "t", "--dev", "dev", "--folder", "s"] + Self.search)
    #expect(other.code != 0)
  }

  /// Trials that run away are listed last.
  @Test func aFailedTrialIsNoEnd() throws {
    try folder.write(
      "space.yaml",
      """
      {cell: rnn-relu, optimizer: sgd, clip-norm: 0, learning-rate: [0.01, 1000], layers: 1,
       epochs: 3, hidden: 8, schedule: constant, teacher: none}
      """)
    let result = try tune("s", "--json", "-o", "m", "-q", "--seed", "3")
    #expect(result.code == 0, "\(result.errors)")
    let trials = try JSONParser.parse(result.stdout).arrayValue ?? []
    #expect(trials.contains { $0["failure"] != nil } && trials[0]["failure"] == nil)
    #expect(trials.last?["dev_loss"] == .null)
    try folder.write(
      "space.yaml",
      """
      {cell: rnn-relu, optimizer: sgd, clip-norm: 0, learning-rate: 1000, epochs: 3,
       schedule: constant}
      """
    )
    let none = try tune("n", "-q")
    #expect(none.code == 65 && none.errors.contains("every trial failed"), "\(none.errors)")
  }

  @Test func theDefaultSpaceBeginsWithTheDefaults() throws {
    let result = try seqtool.run(
      "tune", "t", "--dev", "dev", "--folder", "s", "--trials", "1", "--rungs", "1", "-q")
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("the command's own"))
    #expect(try JSONParser.parse(folder.read("s/best.json"))["train classify"] == [:])
  }

  @Test(arguments: [
    ("{learning_rat: 1}", "learning-rate", 64), ("{hidden: []}", "hidden", 64),
    ("{hidden: {log: [0, 1]}}", "above 0", 64), ("{threads: 2}", "threads", 64),
    ("{output: x}", "output", 64), ("[1]", "not an object", 65), ("{cell: lsmt}", "lstm", 64),
    ("{hidden: many}", "hidden", 64), ("{bidirectional: 3}", "true or false", 64),
    ("{dropout: 2}", "dropout", 64), ("{hidden: 4, hidden: 5}", "hidden", 64),
  ])
  func aSpaceThatMakesNoSenseIsRefused(space: String, words: String, code: Int) throws {
    try folder.write("space.yaml", space)
    let result = try tune("s", "-q")
    #expect(result.code == code, "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.stderr.count { $0 == 0x0A } == 1)
    #expect(throws: (any Error).self) { try folder.read("s/journal.jsonl") }
  }

  @Test func numbersThatMakeNoSenseAreRefused() throws {
    for (flags, words) in [
      (["--rungs", "4"], "rungs"), (["--trials", "0"], "trials"), (["--factor", "1"], "factor"),
      (["--dev", "0%"], "--dev"),
    ] {
      let result = try seqtool.run(["tune", "t", "--folder", "s"] + Self.search + flags)
      #expect([64, 65].contains(result.code))
      #expect(result.errors.contains(words), "\(result.errors)")
    }
  }
}
