import Pipeline
import TestSupport
import Testing

@Suite struct PredictionExplainerTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws { (folder, seqtool) = try ModelFixture.folder() }

  private func objects(_ flags: [String], _ input: [UInt8]) throws -> [JSONValue] {
    let result = try seqtool.run(["classify", "-m", "m", "-q", "--jsonl"] + flags, input: input)
    #expect(result.code == 0, "\(result.errors)")
    return try result.lines.map { try JSONParser.parse($0) }
  }

  /// Each step must be what the command says of the record cut there.
  @Test func eachStepIsTheAnswerForThePrefix() throws {
    let records = ["Satoshi", "", "Nguyễn", "O’Neill", "né é"]
    let explained = try objects(["--explain"], Array(records.joined(separator: "\n").utf8))
    try #require(explained.count == records.count)
    for (record, object) in zip(records, explained) {
      let steps = try #require(object["explain"]?.arrayValue)
      #expect(steps.count == record.count)
      let prefixes = record.indices.map { String(record[...$0]) }
      let answers =
        prefixes.isEmpty ? [] : try objects([], Array(prefixes.joined(separator: "\n").utf8))
      var start = 0
      for (i, step) in steps.enumerated() {
        let end = prefixes[i].utf8.count
        #expect(step["span"] == [.int(start), .int(end)])
        start = end
        #expect(step["label"] == answers[i]["label"])
        let (a, b) = (step["probability"]?.doubleValue, answers[i]["probability"]?.doubleValue)
        #expect(abs((a ?? 0) - (b ?? 1)) < 3e-6)
      }
      if let last = steps.last {
        #expect(last["label"] == object["label"])
        #expect(object["text"]?.stringValue == record)
      }
    }
  }

  @Test func aLineStaysALine() throws {
    let input = Array("a\tb\n\n".utf8) + [0xFF, 0x0A] + Array("c\\".utf8)
    let plain = try seqtool.run(["classify", "-m", "m", "-q", "--explain"], input: input)
    #expect(plain.code == 0)
    let suffixes = plain.lines.map { line in
      String(decoding: line, as: UTF8.self).split(
        separator: "\t", omittingEmptySubsequences: false
      ).last.map { $0.split(separator: " ").map { $0.prefix { $0 != "=" } } }
    }
    // The model reads a tab as a space.
    #expect(suffixes == [["a", "\\s", "b"], [], ["\u{FFFD}"], ["c", "\\\\"]])
    let skipped = try seqtool.run(
      ["classify", "-m", "m", "-q", "--explain", "--invalid", "skip"], input: input)
    #expect(skipped.lines.map(\.isEmpty) == [false, false, true, false])
    let bare = try seqtool.run(["classify", "-m", "m", "-q"], input: input)
    for (line, start) in zip(plain.lines, bare.lines) { #expect(line.starts(with: start + [0x09])) }
  }

  @Test func threadsChangeNoByte() throws {
    let input = Array(repeatElement(Array("Satoshi\nO’Neill\n".utf8), count: 500).joined())
    let one = try seqtool.run(["classify", "-m", "m", "--explain", "-j1"], input: input)
    let two = try seqtool.run(["classify", "-m", "m", "--explain", "-j2"], input: input)
    #expect(one.code == 0 && one.lines.count == 1000 && one == two)
  }
}
