import TestSupport
import Testing

/// The rules of streams, on the real binary.
@Suite struct RecordFilterTests {
  private let seqtool = BinaryRunner()

  /// Commands that give one line for each record, whatever it holds.
  static let filters: [[String]] = [
    ["normalize"], ["normalize", "--form", "nfkc-casefold", "--strip-punctuation"],
    ["normalize", "--strip-accents", "--collapse-whitespace", "--transliterate", "Any-Latin"],
    ["tokenize"], ["tokenize", "--by", "grapheme", "--jsonl"], ["tokenize", "--by", "byte"],
    ["tokenize", "--by", "sentence"],
    ["run", "--stage", "normalize.unicode", "--stage", "segment.unicode"],
  ]

  /// Every kind of record that has broken a text tool.
  static let nasty: [[UInt8]] = [
    [], Array("plain".utf8), Array("crlf\r".utf8), [0x00], [0x61, 0x00, 0x62], [0xFF], [0xC3],
    [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0x80], [], Array("\r".utf8),
    Array("a\rb".utf8), Array("\u{85}x\u{2028}y\u{2029}".utf8), Array("tab\tand \"quote\" \\".utf8),
    Array("e\u{301}".utf8), Array("\u{301}".utf8), Array("👨‍👩‍👧 ß İ".utf8), Array("\u{FEFF}mid".utf8),
    [UInt8](repeating: 0x61, count: 1 << 20), Array("last".utf8),
  ]

  private func file(_ records: [[UInt8]], delimiter: UInt8 = 0x0A) -> [UInt8] {
    Array(records.joined(separator: [delimiter]))
  }

  @Test(arguments: filters)
  func asManyLinesOutAsRecordsIn(filter: [String]) throws {
    let whole = try seqtool.run(filter, input: file(Self.nasty))
    #expect(whole.code == 0)
    #expect(whole.lines.count == Self.nasty.count)
    #expect(whole.stdout.last == 0x0A)
    let ended = try seqtool.run(filter, input: file(Self.nasty) + [0x0A])
    #expect(ended.stdout == whole.stdout)
    // A record's line does not depend on its neighbours.
    for (record, line) in zip(Self.nasty, whole.lines) where record.count < 100 {
      let alone = try seqtool.run(filter + ["--quiet"], input: [0x0A] + record + [0x0A])
      #expect(alone.lines.last == line)
    }
  }

  @Test(arguments: filters)
  func threadsChangeNoByte(filter: [String]) throws {
    let input = Array(
      (0..<6000).flatMap { _ in Self.nasty.filter { $0.count < 100 } }.joined(
        separator: [0x0A]))
    #expect(input.count > 500_000)
    let one = try seqtool.run(filter + ["--threads", "1"], input: input)
    let two = try seqtool.run(filter + ["--threads", "2"], input: input)
    let many = try seqtool.run(filter + ["--threads", "7", "--line-buffered"], input: input)
    #expect(one.code == 0)
    #expect(one == two)
    #expect(one == many)
  }

  @Test(arguments: filters)
  func nothingInNothingOut(filter: [String]) throws {
    let result = try seqtool.shell("seqtool \(filter.joined(separator: " ")) < /dev/null")
    #expect(result.code == 0 && result.stdout.isEmpty && result.stderr.isEmpty)
    let one = try seqtool.run(filter, input: [0x0A])
    #expect(one.lines.count == 1)
  }

  @Test(arguments: filters)
  func aReaderThatGoesAwayEndsTheRunQuietly(filter: [String]) throws {
    let line = filter.joined(separator: " ")
    let result = try seqtool.shell(
      "yes name | seqtool \(line) | head -n 1 > /dev/null; exit ${PIPESTATUS[1]}")
    #expect(result.code == 141)
    #expect(result.stderr.isEmpty)
  }

  @Test(arguments: filters)
  func aFullDiskIsNoticed(filter: [String]) throws {
    let result = try seqtool.shell(
      "seqtool \(filter.joined(separator: " ")) data/names.txt > /dev/full")
    #expect(result.code == 74)
    #expect(result.errors.count { $0 == "\n" } == 1)
  }

  @Test func nulDelimitsInAndOut() throws {
    let result = try seqtool.run(["normalize", "-z"], input: Array("a\nb\0\0c".utf8))
    #expect(result.stdout == Array("a\nb\0\0c\0".utf8))
  }

  @Test func filesAreReadInOrderAndEachEndsItsLastRecord() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", [0xEF, 0xBB, 0xBF] + Array("a".utf8))
    try folder.write("2", [0xEF, 0xBB, 0xBF] + Array("b\r\n".utf8))
    let result = try BinaryRunner(folder: folder.path).run(
      "normalize", "1", "-", "2", "1", text: "in\n")
    #expect(result.output == "a\nin\nb\na\n")
  }

  @Test func malformedBytesFollowThePolicy() throws {
    let input: [UInt8] = Array("ok\n".utf8) + [0x61, 0xE2, 0x82, 0x62, 0x0A] + Array("end\n".utf8)
    let replaced = try seqtool.run(["normalize"], input: input)
    #expect(replaced.output == "ok\na\u{FFFD}b\nend\n")
    #expect(replaced.errors.contains("1 record"))
    #expect(try seqtool.run(["normalize", "--quiet"], input: input).stderr.isEmpty)
    let skipped = try seqtool.run(["tokenize", "--jsonl", "--invalid", "skip"], input: input)
    #expect(skipped.lines.map(\.isEmpty) == [false, true, false])
    let refused = try seqtool.run(["normalize", "--invalid", "error"], input: input)
    #expect(refused.code == 65)
    #expect(refused.output == "ok\n")
    #expect(refused.errors.hasPrefix("seqtool: -:2:2: "))
  }

  @Test func utf16AndOverlongRecordsAreRefused() throws {
    #expect(try seqtool.run(["normalize"], input: [0xFF, 0xFE, 0x61, 0x00]).code == 65)
    let long = try seqtool.run(
      ["normalize", "--max-record", "1K"], input: [UInt8](repeating: 97, count: 1025))
    #expect(long.code == 65)
    let fits = try seqtool.run(
      ["normalize", "--max-record", "1K"], input: [UInt8](repeating: 97, count: 1024))
    #expect(fits.code == 0)
  }

  @Test func aLineIsAnsweredBeforeTheNextIsAsked() throws {
    let script = """
      coproc seqtool normalize --line-buffered
      echo one >&"${COPROC[1]}"; read -r -t 60 answer <&"${COPROC[0]}"; echo "got $answer"
      echo two >&"${COPROC[1]}"; read -r -t 60 answer <&"${COPROC[0]}"; echo "got $answer"
      """
    #expect(try seqtool.shell(script).output == "got one\ngot two\n")
    let latency = script.replacing("--line-buffered", with: "--max-latency 20ms")
    #expect(try seqtool.shell(latency).output == "got one\ngot two\n")
  }
}
