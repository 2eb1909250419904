import Pipeline
import TestSupport
import Testing

@Suite struct ClassifyCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws { (folder, seqtool) = try ModelFixture.folder() }

  private func classify(_ flags: String..., input: [UInt8]) throws -> BinaryResult {
    try seqtool.run(["classify", "-m", "m", "--quiet"] + flags, input: input)
  }

  private func fields(_ line: [UInt8]) -> [[UInt8]] {
    line.split(separator: 0x09, maxSplits: 2, omittingEmptySubsequences: false).map(Array.init)
  }

  @Test func eachRecordIsEchoedByteForByteAfterItsLabel() throws {
    let records = RecordFilterTests.nasty.filter { $0.last != 0x0D }
    let result = try classify(input: Array(records.joined(separator: [0x0A])))
    #expect(result.code == 0)
    #expect(result.lines.count == records.count)
    for (record, line) in zip(records, result.lines) {
      let fields = fields(line)
      try #require(fields.count == 3)
      #expect(!fields[0].isEmpty)
      let digits = String(decoding: fields[1], as: UTF8.self)
      #expect(digits.wholeMatch(of: /[01]\.\d{6}/) != nil)
      #expect(fields[2] == record)
    }
  }

  @Test func theEchoHasNoMarkNoLineEndAndNoCR() throws {
    let input: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("Sato\r\nKim\r\n".utf8)
    #expect(
      try classify(input: input).lines.map { fields($0)[2] } == [
        Array("Sato".utf8), Array("Kim".utf8),
      ])
    let kept = try classify("--keep-cr", input: input).lines.map { fields($0)[2] }
    #expect(kept == [Array("Sato\r".utf8), Array("Kim\r".utf8)])
  }

  @Test func threadsAndNeighboursChangeNoByte() throws {
    let names = try readFile(BinaryRunner.packageFolder + "/data/names.txt")
    let input = Array(repeatElement(names, count: 150).joined())
    #expect(input.count > 512 << 10)
    let one = try classify("--threads", "1", input: input)
    let two = try classify("--threads", "2", input: input)
    #expect(one.code == 0 && one == two)
    let alone = try classify(input: names)
    #expect(one.stdout.starts(with: alone.stdout))
    let single = try classify("--line-buffered", input: Array(names.prefix { $0 != 0x0A }))
    #expect(alone.lines.first == single.lines.first)
  }

  @Test func theBestLabelsComeInOrderAndSumToAtMostOne() throws {
    let result = try classify("-k", "18", input: Array("Satoshi\n\nNguyễn".utf8))
    for (record, line) in zip(["Satoshi", "", "Nguyễn"], result.lines) {
      let words = String(decoding: line, as: UTF8.self).split(
        separator: "\t", omittingEmptySubsequences: false)
      try #require(words.count == 37)
      #expect(words[36] == record)
      let millionths = stride(from: 1, to: 36, by: 2).compactMap { i in
        Int(words[i].filter { $0 != "." })
      }
      #expect(millionths == millionths.sorted(by: >))
      let sum = millionths.reduce(0, +)
      #expect(sum <= 1_000_000 && sum > 999_900)
      #expect(Set(stride(from: 0, to: 36, by: 2).map { words[$0] }).count == 18)
    }
    #expect(try classify("-k18", "-j1", input: Array("Satoshi\n\nNguyễn".utf8)) == result)
    // More labels than there are gives all of them.
    #expect(try classify("-k", "99", input: Array("Satoshi\n\nNguyễn".utf8)) == result)
  }

  @Test func theStylesAgree() throws {
    let input = Array("Satoshi\n\na\u{1}\"\\\u{FFFD}b".utf8)
    let table = try classify("-k", "2", input: input).lines.map { line in
      String(decoding: line, as: UTF8.self).split(
        separator: "\t", maxSplits: 4, omittingEmptySubsequences: false)
    }
    let labels = try classify("-k", "2", "--label-only", input: input).output
    let objects = try classify("-k", "2", "--jsonl", input: input).lines.map {
      try JSONParser.parse($0)
    }
    #expect(labels == table.map { "\($0[0])\t\($0[2])\n" }.joined())
    for (row, object) in zip(table, objects) {
      #expect(object["label"]?.stringValue == String(row[0]))
      #expect(object["probability"]?.doubleValue == Double(row[1]))
      #expect(object["text"]?.stringValue == String(row[4]))
      let best = try #require(object["labels"]?.arrayValue)
      #expect(best.map { $0["label"]?.stringValue } == [String(row[0]), String(row[2])])
      #expect(best.map { $0["probability"]?.doubleValue } == [Double(row[1]), Double(row[3])])
    }
  }

  @Test func doubtfulRecordsGetTheOtherLabel() throws {
    let input = Array("Satoshi\nNguyễn\n".utf8)
    let never = try classify("--min-prob", "0", "--else", "?", input: input)
    #expect(try never == classify(input: input))
    let always = try classify("--min-prob", "1", "--else", "a\tb", "--label-only", input: input)
    #expect(always.output == "a\\tb\na\\tb\n")
    let object = try JSONParser.parse(
      try classify("--min-prob", "1", "--else", "a\tb", "--jsonl", input: input).lines[0])
    #expect(object["label"] == "a\tb")
  }

  @Test func aDoubtfulRecordKeepsItsColumns() throws {
    let flags = ["classify", "-m", "m", "-q", "-k", "3"]
    let doubt = ["--min-prob", "1", "--else", "?"]
    let input = Array("Satoshi\nNguyễn\n".utf8)
    for style in [[], ["--label-only"]] {
      let sure = try seqtool.run(flags + style, input: input).lines
      let doubtful = try seqtool.run(flags + style + doubt, input: input).lines
      try #require(sure.count == 2 && doubtful.count == 2)
      for (a, b) in zip(sure, doubtful) {
        // All but the first label stays.
        #expect(b == [UInt8(ascii: "?")] + a.drop { $0 != 0x09 })
      }
    }
    let sure = try JSONParser.parse(try seqtool.run(flags + ["--jsonl"], input: input).lines[0])
    let object = try JSONParser.parse(
      try seqtool.run(flags + ["--jsonl"] + doubt, input: input).lines[0])
    #expect(object["label"] == "?" && sure["label"] != "?")
    #expect(object["labels"] == sure["labels"])
    #expect(object["probability"] == sure["probability"])
  }

  @Test func aTerminalWhereNothingIsTypedGetsOneHint() throws {
    // `script` gives its child a terminal as all three streams.
    let run = { (flags: String) in
      try seqtool.shell(
        "script -qec 'seqtool classify -m m \(flags)' /dev/null < /dev/null"
      ).output.filter { $0 != "\u{4}" && $0 != "\u{8}" }
    }
    #expect(try run("").count(of: "Ctrl-D") == 1)
    #expect(try run("-q").count(of: "Ctrl-D") == 0)
    let piped = try seqtool.shell("seqtool classify -m m < /dev/null")
    #expect(piped.stderr.isEmpty)
  }

  @Test func skippedRecordsGiveEmptyLines() throws {
    for flag in ["--label-only", "--jsonl", "--quiet"] {
      let result = try classify(
        "--invalid", "skip", flag, input: Array("a\n".utf8) + [0xFF, 0x0A] + Array("b\n".utf8))
      #expect(result.lines.map(\.isEmpty) == [false, true, false])
    }
  }

  @Test func nothingInNothingOut() throws {
    let result = try seqtool.shell("seqtool classify -m m < /dev/null")
    #expect(result.code == 0 && result.stdout.isEmpty && result.stderr.isEmpty)
  }

  @Test func outputsThatEndEarly() throws {
    let head = try seqtool.shell(
      "yes Satoshi | seqtool classify -m m | head -n 1 > /dev/null; exit ${PIPESTATUS[1]}")
    #expect(head.code == 141 && head.stderr.isEmpty)
    let full = try seqtool.shell("echo Satoshi | seqtool classify -m m > /dev/full")
    #expect(full.code == 74)
  }

  @Test func theBuiltInModelNeedsNoFileBesideTheBinary() throws {
    let copy = folder.file("elsewhere")
    let result = try seqtool.shell(
      "cp \"$(command -v seqtool)\" \(copy) && echo Satoshi | env -i \(copy) classify")
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.hasSuffix("\tSatoshi\n"))
  }
}

extension String {
  /// How often the text stands in it.
  fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
