import Pipeline
import TestSupport
import Testing

/// `encode` and `decode`, each the other's way back.
@Suite struct EncodeCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private let names = Array("satoshi\n\nkowalczyk\nab cd\n".utf8)

  init() throws { (folder, seqtool) = try ModelFixture.folder() }

  @Test func decodingGivesTheTextBack() throws {
    for flags in [[], ["--jsonl"]] {
      let ids = try seqtool.run(["encode", "-m", "m"] + flags, input: names)
      #expect(ids.code == 0 && ids.lines.count == 4)
      let text = try seqtool.run(["decode", "-m", "m", "--skip-special"], input: ids.stdout)
      #expect(text.stdout == names, "\(text.errors)")
    }
  }

  @Test func asManyLinesOutAsRecordsInOnAnyNumberOfThreads() throws {
    let input = Array(RecordFilterTests.nasty.joined(separator: [0x0A]))
    let one = try seqtool.run(["encode", "-m", "m", "--quiet", "--threads", "1"], input: input)
    let many = try seqtool.run(["encode", "-m", "m", "--quiet", "--threads", "5"], input: input)
    #expect(one.code == 0 && one == many)
    #expect(one.lines.count == RecordFilterTests.nasty.count)
    let back = try seqtool.run(["decode", "-m", "m"], input: one.stdout)
    #expect(back.lines.count == RecordFilterTests.nasty.count)
  }

  @Test func aTokenizerFileServesToo() throws {
    let goldens = BinaryRunner.packageFolder + "/Tests/TokenizeTests/Subword/Goldens/short"
    let flags = ["--tokenizer", goldens + "/llama3.json"]
    let ids = try seqtool.run(["encode"] + flags, input: Array("Hello, wörld!\n".utf8))
    #expect(ids.code == 0 && ids.lines.count == 1, "\(ids.errors)")
    let text = try seqtool.run(["decode", "--skip-special"] + flags, input: ids.stdout)
    #expect(text.output == "Hello, wörld!\n")
  }

  @Test func arraysHoldWhatTheLinesSay() throws {
    let lines = try seqtool.run(["encode", "-m", "m"], input: names)
    let ids = lines.output.split { $0 == " " || $0 == "\n" }.compactMap { Int32($0) }
    var ends: [Int64] = []
    for line in lines.lines {
      ends.append((ends.last ?? 0) + Int64(line.split(separator: 0x20).count))
    }
    let result = try seqtool.run(["encode", "-m", "m", "--npz", "a.npz"], input: names)
    #expect(result.code == 0 && result.stdout.isEmpty)
    let file = try folder.read("a.npz")
    for (element, count, bytes) in [
      (ArrayElement.int32, ids.count, ids.withUnsafeBytes { Array($0) }),
      (.int64, ends.count, ends.withUnsafeBytes { Array($0) }),
    ] {
      let member = try NPYFile.bytes(element, shape: [count], data: bytes)
      #expect(file.contains(member))
    }
  }

  @Test func anUnknownTokenIsNamedWithItsLine() throws {
    let tokenizer = #"{"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"<unk>"}}"#
    try folder.write("t.json", tokenizer)
    let lines = String(repeating: "a\n", count: 20_000) + "b\na\n"
    let result = try seqtool.run(["encode", "--tokenizer", "t.json"], input: lines.utf8)
    #expect(result.code == 65)
    #expect(result.errors == "seqtool: -:20001: token 'b' has no id\n")
  }

  @Test(arguments: [
    (["encode"], "", 64), (["encode", "-m", "m", "--tokenizer", "x"], "", 64),
    (["encode", "-m", "none"], "", 66), (["encode", "--tokenizer", "none"], "", 66),
    (["encode", "--tokenizer", "m"], "", 65), (["encode", "-m", "m", "--npz", "/no/x"], "", 73),
    (["encode", "-m", "m", "--npz", "x", "--jsonl"], "", 64),
    (["decode", "-m", "m"], "1 x\n", 65), (["decode", "-m", "m"], "1\n2147483647\n", 65),
    (["decode", "-m", "m"], "99999999999\n", 65), (["decode", "-m", "m"], "[1,-2]\n", 65),
    (["decode", "-m", "m"], "{\"id\":[1]}\n", 65), (["decode", "-m", "m"], "[1\n", 65),
  ])
  func everyFaultIsOneLineWithItsCode(arguments: [String], input: String, code: Int) throws {
    let result = try seqtool.run(arguments, input: input.utf8)
    #expect(result.code == code, "\(result.errors)")
    #expect(result.errors.hasPrefix("seqtool: ") && result.errors.count { $0.isNewline } == 1)
    if code == 65, !input.isEmpty {
      let line = input.count { $0 == "\n" }
      #expect(result.errors.hasPrefix("seqtool: -:\(line): "))
    }
  }
}
