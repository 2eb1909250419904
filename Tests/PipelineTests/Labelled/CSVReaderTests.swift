import Pipeline
import Testing

@Suite struct CSVReaderTests {
  private func rows(_ text: String) throws -> [[String]] {
    var reader = CSVReader(Array(text.utf8)[...])
    var rows: [[String]] = []
    while let row = try reader.next() {
      rows.append(row.fields.map { String(decoding: $0, as: UTF8.self) })
    }
    return rows
  }

  @Test(arguments: [
    ("a,b\n", [["a", "b"]]),
    ("a,b", [["a", "b"]]),
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
    ("\"a,1\",\"say \"\"hi\"\"\"\n", [["a,1", "say \"hi\""]]),
    ("\"two\nlines\",x\n", [["two\nlines", "x"]]),
    (",\n", [["", ""]]),
    ("\"\",x,\n", [["", "x", ""]]),
    ("\n\na\n\n\nb\n", [["a"], ["b"]]),
    ("5\" disk,x\n", [["5\" disk", "x"]]),
    ("a\rb,c\n", [["a\rb", "c"]]),
    ("", []),
  ])
  func fieldsFollowTheStandard(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
  }

  @Test func rowsKnowTheirLine() throws {
    var reader = CSVReader(Array("h\n\"a\nb\"\n\nlast\n".utf8)[...])
    var lines: [Int] = []
    while let row = try reader.next() { lines.append(row.line) }
    #expect(lines == [1, 2, 5])
  }

  @Test func faultsNameTheirLine() {
    #expect(throws: CSVReader.Fault(line: 2, reason: "text after the closing quote of a field")) {
      try rows("a\n\"b\"c\n")
    }
    #expect(throws: CSVReader.Fault(line: 2, reason: "a quoted field without its closing quote")) {
      try rows("a\n\"b\n\n\n")
    }
  }

  @Test func quotedFieldsRoundTrip() throws {
    let fields = ["", ",", "\"", "\"\"", "a\r\nb", "\n", "é\u{1F600}", "\r"]
    let line = fields.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",")
    #expect(try rows(line + "\r\n" + line) == [fields, fields])
  }
}
