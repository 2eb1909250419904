import Pipeline
import TestSupport
import Testing

@Suite struct StagesCommandTests {
  private let seqtool = BinaryRunner()

  private func rows() throws -> [JSONValue] {
    let text = try seqtool.run("stages", "--json").stdout
    let rows = try JSONParser.parse(text)
    return try #require(rows.arrayValue)
  }

  @Test func theTableAndTheObjectsNameTheSameStages() throws {
    let ids = try rows().compactMap { $0["id"]?.stringValue }
    #expect(ids.contains("normalize.unicode@1") && ids.contains("classify.recurrent@1"))
    #expect(ids == ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    let lines = try seqtool.run("stages").output.split(separator: "\n")
    #expect(lines.filter { !$0.hasPrefix(" ") }.map { String($0.prefix { $0 != " " }) } == ids)
  }

  @Test func everyOptionOfAStageIsDocumented() throws {
    for row in try rows() {
      for option in try #require(row["options"]?.arrayValue) {
        #expect(option["summary"]?.stringValue?.isEmpty == false)
        #expect(option["default"] != nil && option["default"] != JSONValue.null)
      }
    }
  }

  @Test func oneStageCanBeAskedFor() throws {
    let result = try seqtool.run("stages", "segment.unicode@1")
    #expect(result.output.hasPrefix("segment.unicode@1  text -> tokens"))
    #expect(result.output.contains("grapheme|scalar|byte|word|whitespace|sentence"))
  }

  /// The ids and options of all stages are a promise: a change must be seen in a review.
  @Test func thePageOfTheDocumentsIsUpToDate() throws {
    let page = try readFile(BinaryRunner.packageFolder + "/docs/stages.md")
    #expect(
      try seqtool.run("stages", "--markdown").stdout == page,
      "write it anew: seqtool stages --markdown > docs/stages.md")
    #expect(page.count > 1000)
    #expect(try seqtool.run("stages", "--markdown", "--json").code == 64)
  }
}
