import Pipeline
import TestSupport
import Testing

@Suite struct TokenizeCommandTests {
  private let seqtool = BinaryRunner()

  @Test(arguments: [
    ("word", "Sgt. O’Neill said: go!", "Sgt O’Neill said go"),
    ("grapheme", "a e\u{301}👨‍👩‍👧", "a \\s e\u{301} 👨‍👩‍👧"),
    ("scalar", "e\u{301}", "e \u{301}"),
    ("byte", "é\\", "<0xC3> <0xA9> \\\\"),
    ("whitespace", " a  b\u{3000}c ", "a b c"),
    ("sentence", "One. Two.", "One.\\s Two."),
    ("grapheme", "\t\r\u{2003}", "\\t \\r \\u{2003}"),
  ])
  func tokensAreJoinedAndWhiteSpaceIsEscaped(unit: String, text: String, expected: String) throws {
    let result = try seqtool.run(
      ["tokenize", "--by", unit, "--keep-cr"], input: Array(text.utf8) + [0x0A])
    #expect(result.output == expected + "\n")
  }

  @Test func theSeparatorIsFree() throws {
    #expect(
      try seqtool.run("tokenize", "--separator", "||", text: "a b\n").output == "a||b\n")
  }

  @Test(arguments: ["grapheme", "scalar", "byte", "word", "whitespace", "sentence"])
  func offsetsCutTheTokensOutOfTheRecord(unit: String) throws {
    let records = ["Zoë \"said\":\t«ne\u{301}e».", "", "日本語 text", "\u{1}\\ end "]
    let result = try seqtool.run(
      ["tokenize", "--by", unit, "--jsonl"],
      input: Array(records.joined(separator: "\n").utf8))
    #expect(result.lines.count == records.count)
    for (record, line) in zip(records, result.lines) {
      let object = try JSONParser.parse(line)
      let tokens = (object["tokens"]?.arrayValue ?? []).compactMap { $0.stringValue }
      let offsets = try #require(object["offsets"]?.arrayValue)
      #expect(tokens.count == offsets.count)
      #expect(record.isEmpty == tokens.isEmpty)
      for (token, pair) in zip(tokens, offsets) {
        let ends = (pair.arrayValue ?? []).compactMap { $0.intValue }
        try #require(ends.count == 2)
        let slice = Array(record.utf8)[ends[0]..<ends[1]]
        if unit == "byte", let byte = slice.first, byte >= 0x80 {
          #expect(token == "<0x\(String(byte, radix: 16, uppercase: true))>")
        } else {
          #expect(slice.elementsEqual(token.utf8))
        }
      }
    }
  }

  @Test(arguments: [
    ("byte", "[[0,1],[1,3],[3,7],[7,8]]"), ("scalar", "[[0,1],[1,2],[2,3],[3,4]]"),
    ("utf16", "[[0,1],[1,2],[2,4],[4,5]]"),
  ])
  func offsetsCountWhatIsAskedFor(unit: String, expected: String) throws {
    let result = try seqtool.run(
      "tokenize", "--by", "scalar", "--jsonl", "--offsets", unit, text: "né👍x\n")
    #expect(result.output.hasSuffix("\"offsets\":\(expected)}\n"))
    #expect(try seqtool.run("tokenize", "--offsets", unit).code == 64)
  }
}
