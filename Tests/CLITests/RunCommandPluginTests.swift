import Glibc
import TestSupport
import Testing

/// Programs and libraries as stages of `seqtool run`, on the real binary: what they answer.
@Suite(.timeLimit(.minutes(5))) struct RunCommandPluginTests: PluginSuite {
  let folder: TemporaryFolder
  let seqtool: BinaryRunner

  init() throws { (folder, seqtool) = try Self.fixture() }

  private static let names = "Doe, Jane\nCher\n\nŻółć ,  Ēriks\n , "
  private static let swapped = "Jane Doe\nCher\n\nĒriks Żółć\n \n"

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
