import Pipeline
import TestSupport
import Testing

@Suite struct LabelledReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(
    _ name: String, _ text: String, label: String = "label", column: String = "text",
    format: LabelledFormat? = nil
  ) throws -> [String] {
    var options = LabelledOptions()
    options.labelColumn = label
    options.textColumn = column
    options.format = format
    return pairs(try LabelledReader.read([try folder.write(name, text)], options: options))
  }

  private func pairs(_ data: LabelledDataset) -> [String] {
    (0..<data.count).map { data.labelNames[Int(data.labels[$0])] + "|" + data.text.string($0) }
  }

  @Test func tsvKeepsFurtherTabsAndPassesOverEmptyLines() throws {
    #expect(
      try read("a.tsv", "\u{FEFF}b\tx\ty\r\n\na\t\nb\tlast") == ["b|x\ty", "a|", "b|last"])
  }

  @Test func csvFindsItsColumns() throws {
    let text = "id,text,label\n1,\"a, b\",x\n2,\"two\nlines\",y\n"
    #expect(try read("a.csv", text) == ["x|a, b", "y|two\nlines"])
    #expect(
      try read("a.csv", "x,hello\r\ny,you\r\n", label: "1", column: "2") == ["x|hello", "y|you"])
    #expect(try read("b", "text,label\nt,l\n", format: .csv) == ["l|t"])
  }

  @Test func jsonLinesFindTheirMembers() throws {
    let text = """
      {"text":"a\\nb","label":"x","id":7}

      {"label":3,"text":"\\u00e9"}
      """
    #expect(try read("a.jsonl", text) == ["x|a\nb", "3|é"])
    #expect(try read("a.ndjson", "{\"y\":\"l\",\"x\":\"t\"}", label: "y", column: "x") == ["l|t"])
  }

  @Test func aFolderHasOneFilePerClassInTheOrderOfTheirBytes() throws {
    try folder.write("d/b.x.txt", "1\n\n2\n")
    try folder.write("d/a", "3")
    try folder.write("d/.hidden", "4")
    try folder.write("d/sub/c.txt", "5")
    #expect(pairs(try LabelledReader.read([folder.file("d")])) == ["a|3", "b.x|1", "b.x|2"])
  }

  @Test func severalPathsAreReadInOrder() throws {
    let tsv = try folder.write("1.tsv", "b\t1\n")
    let csv = try folder.write("2.csv", "label,text\na,2\n")
    #expect(pairs(try LabelledReader.read([tsv, csv, tsv])) == ["b|1", "a|2", "b|1"])
  }

  @Test(arguments: [
    ("a.tsv", "a\tx\nno tab\n", 2, "tab"),
    ("a.tsv", "\tx\n", 1, "label is empty"),
    ("a.tsv", "a\u{1}\tx\n", 1, "control character"),
    ("a.csv", "label,text\na\n", 2, "1 fields"),
    ("a.csv", "lable,text\na,b\n", 1, "did you mean"),
    ("a.csv", "label,text\n\"a,b\n", 2, "closing quote"),
    ("a.csv", "label,text\n\n\na,b,c\n", 4, "3 fields"),
    ("a.jsonl", "{\"label\":\"a\",\"text\":\"b\"}\n{\"label\":\n", 2, "byte"),
    ("a.jsonl", "[1]\n", 1, "object"),
    ("a.jsonl", "{\"label\":\"a\"}\n", 1, "no member \"text\""),
    ("a.jsonl", "{\"label\":\"a\",\"text\":null}\n", 1, "not a text"),
  ])
  func faultsNameFileAndLine(name: String, text: String, line: Int, words: String) throws {
    let path = try folder.write(name, text)
    let error = #expect(throws: PipelineError.self) { try LabelledReader.read([path]) }
    let message = try #require(error).description
    #expect(message.hasPrefix("\(path):\(line): "))
    #expect(message.contains(words))
    #expect(error?.category == .badData)
  }

  @Test func aMissingFileIsNoInput() throws {
    let error = #expect(throws: PipelineError.self) {
      try LabelledReader.read([folder.file("none.tsv")])
    }
    #expect(error?.category == .noInput)
  }

  @Test func theDigestFollowsContentAndOrder() throws {
    let a = try LabelledReader.read([try folder.write("1.tsv", "a\t1\nb\t2\n")])
    let same = try LabelledReader.read([try folder.write("2.tsv", "a\t1\r\n\r\nb\t2")])
    let other = try LabelledReader.read([try folder.write("3.tsv", "b\t2\na\t1\n")])
    #expect(a.digest == same.digest)
    #expect(a.digest != other.digest)
    // printf 'a\t1\nb\t2\n' | sha256sum
    #expect(a.digest == "6d2d1bd0abaed39e891321f7fb19d3f21108674b420432e927ae2fb4d0b7fb73")
  }
}
