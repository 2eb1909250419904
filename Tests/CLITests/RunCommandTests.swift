import Pipeline
import TestSupport
import Testing

@Suite struct RunCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    try folder.write(
      "clean.yaml",
      """
      - stage: normalize.unicode
        form: nfkc
      - {stage: normalize.case, mode: lower}
      """)
  }

  @Test func aPipelineIsWhatTheCommandsDo() throws {
    let input = Array(RecordFilterTests.nasty.joined(separator: [0x0A]))
    let run = try seqtool.run(["run", "clean.yaml", "-"], input: input)
    let normalized = try seqtool.run(
      ["normalize", "--form", "nfkc", "--lowercase"], input: input)
    #expect(run.code == 0 && run.lines.count == RecordFilterTests.nasty.count)
    let again = try seqtool.run(["normalize", "--form", "nfkc"], input: run.stdout)
    #expect(again.stdout == normalized.stdout)
  }

  @Test(arguments: [
    (["records.filter(minimum=3)"], "abc\nﬁve\n"),
    (["records.deduplicate"], "a\nabc\nﬁve\n\n"),
    (["records.deduplicate", "segment.unicode(by=grapheme)"], "a\na b c\nﬁ v e\n\n"),
    (["normalize.unicode(form=nfkc)", "records.filter(minimum=4)"], "five\n"),
    (["records.sample(share=0)"], ""),
  ])
  func stagesOnTheLine(stages: [String], expected: String) throws {
    let flags = stages.flatMap { ["--stage", $0] }
    for threads in ["1", "3"] {
      let result = try seqtool.run(
        ["run", "--threads", threads] + flags, input: Array("a\nabc\na\nﬁve\n\n".utf8))
      #expect(result.code == 0 && result.output == expected, "\(result.errors)")
    }
  }

  @Test func everyKindOfPayloadHasItsOutput() throws {
    try folder.write("m", try ModelFixture.bytes())
    let text = "Sato\n\nO’Connor\n"
    let model = try seqtool.run("run", "--stage", "model(file=m)", text: text)
    #expect(model == (try seqtool.run("classify", "-m", "m", text: text)))
    let objects = try seqtool.run("run", "--stage", "model(file=m)", "--jsonl", text: text)
    #expect(objects == (try seqtool.run("classify", "-m", "m", "--jsonl", text: text)))
    let ids = try seqtool.run("run", "--stage", "model(file=m, until=ids)", text: text)
    #expect(ids.lines.count == 3)
    #expect(ids.output.wholeMatch(of: /[0-9 \n]+/) != nil)
    let arrays = try seqtool.run(
      "run", "--stage", "model(file=m, until=ids)", "--jsonl", text: text)
    #expect(
      arrays.lines.count == 3
        && arrays.lines.allSatisfy { $0.starts(with: Array("{\"ids\":[".utf8)) })
    let tokens = try seqtool.run(
      "run", "--stage", "records.filter", "--stage", "normalize.unicode(form=nfkc)", "--stage",
      "segment.unicode(by=word)", "--jsonl", text: "\nﬁt x\n")
    #expect(tokens.output == "{\"tokens\":[\"fit\",\"x\"],\"offsets\":[[0,4],[5,6]]}\n")
    let texts = try seqtool.run("run", "clean.yaml", "-", "--jsonl", text: "A\"\n")
    #expect(texts.output == "{\"text\":\"a\\\"\"}\n")
  }

  @Test func theMergedPipelineReadsBackToTheSame() throws {
    let flags = ["--set", "1.form=nfd", "--set", "normalize.case.locale=tr"]
    let dumped = try seqtool.run(["run", "clean.yaml", "--dump-config"] + flags)
    #expect(
      dumped.output == """
        - stage: normalize.unicode@1
          form: nfd
        - stage: normalize.case@1
          locale: tr
          mode: lower

        """)
    try folder.write("dumped.yaml", dumped.stdout)
    #expect(try seqtool.run("run", "dumped.yaml", "--dump-config").stdout == dumped.stdout)
    let direct = try seqtool.run(["run", "clean.yaml", "-"] + flags, input: Array("ÉI\n".utf8))
    #expect(direct.output == "e\u{301}ı\n")
    #expect(try seqtool.run("run", "dumped.yaml", "-", text: "ÉI\n") == direct)
  }

  @Test(arguments: [
    (["run"], 64), (["run", "none.yaml"], 66), (["run", "bad.yaml"], 64),
    (["run", "clean.yaml", "none.txt"], 66), (["run", "--stage", "normalize.unicod"], 64),
    (["run", "--stage", "normalize.unicode(frm=nfc)"], 64),
    (["run", "--stage", "normalize.unicode(form=nfx)"], 64),
    (["run", "clean.yaml", "--set", "3.form=nfc"], 64),
    (["run", "--stage", "segment.unicode", "--stage", "segment.unicode"], 64),
    (["run", "--stage", "vocabulary"], 64), (["run", "--stage", "model(file=none)"], 66),
    (["run", "--stage", "model(file=bad.yaml)"], 65),
    (["run", "--stage", "records.deduplicate(limit=1)", "clean.yaml"], 65),
    (["run", "clean.yaml", "clean.yaml", "--shard", "1/2"], 64),
    (["run", "clean.yaml", "--shard", "1/2", "-o", "p-{shard}"], 64),
    (["run", "clean.yaml", "clean.yaml", "--shard", "3/2", "-o", "p-{shard}"], 64),
    (["run", "clean.yaml", "clean.yaml", "-o", "no/such/folder"], 73),
  ])
  func everyFaultIsOneLineWithItsCode(arguments: [String], code: Int) throws {
    try folder.write("bad.yaml", "- stage: normalize.unicode\n  form: [nfc\n")
    let result = try seqtool.run(arguments)
    #expect(result.code == code, "\(result.errors)")
    #expect(result.errors.hasPrefix("seqtool: ") && result.errors.count { $0.isNewline } == 1)
    #expect(try seqtool.shell("ls -A").output == "bad.yaml\nclean.yaml\n")
  }

  @Test func anOutputFileAppearsWhenItIsComplete() throws {
    try folder.write("in", "A\nB\n")
    let result = try seqtool.run("run", "clean.yaml", "in", "-o", "out")
    #expect(result.code == 0 && result.stdout.isEmpty && result.stderr.isEmpty)
    #expect(try folder.read("out") == Array("a\nb\n".utf8))
    let failed = try seqtool.run("run", "clean.yaml", "in", "none", "-o", "out2")
    #expect(failed.code == 66)
    #expect(try seqtool.shell("ls -A").output == "clean.yaml\nin\nout\n")
  }

  @Test func shardsAreDoneOnceAndTogetherEverything() throws {
    let lines = (0..<3000).map { "Record \($0)" }
    try folder.write("in", lines.joined(separator: "\n") + "\n")
    let shard = { (i: Int, flags: [String]) in
      try self.seqtool.run(
        ["run", "clean.yaml", "in", "--shard", "\(i)/4", "-o", "part-{shard}"] + flags)
    }
    for i in 1...4 { #expect(try shard(i, []).code == 0) }
    let whole = try seqtool.run("run", "clean.yaml", "in").stdout
    let parts = try (1...4).map { try folder.read("part-\($0)") }
    #expect(Array(parts.joined()) == whole)
    let manifest = try JSONParser.parse(try folder.read("part-2.done"))
    #expect(manifest["shards"] == 4)
    #expect(manifest["output_sha256"]?.stringValue == Digest.sha256(parts[1]))

    // Finished: said, and not touched.
    #expect(try seqtool.shell("touch -d '2001-01-01' part-2").code == 0)
    #expect(try shard(2, []).errors.contains("finished before"))
    #expect(try shard(2, ["--quiet"]).stderr.isEmpty)
    #expect(try seqtool.shell("date -r part-2 +%Y").output == "2001\n")

    // Damaged, or made by another pipeline or of other data: made again.
    try folder.write("part-2", "damaged")
    #expect(try shard(2, []).stderr.isEmpty)
    #expect(try folder.read("part-2") == parts[1])
    #expect(try shard(2, ["--set", "1.form=nfd"]).stderr.isEmpty)
    #expect(try shard(2, []).stderr.isEmpty)
    try folder.write("in", lines.reversed().joined(separator: "\n") + "\n")
    #expect(try shard(2, []).stderr.isEmpty)
    #expect(try folder.read("part-2") != parts[1])
  }
}
