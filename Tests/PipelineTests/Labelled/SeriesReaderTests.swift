import Pipeline
import TestSupport
import Testing

@Suite struct SeriesReaderTests {
  private func read(_ text: String, _ columns: String...) throws -> Series {
    let folder = try TemporaryFolder()
    try folder.write("s.csv", text)
    return try SeriesReader.read(folder.path + "/s.csv", columns: columns)
  }

  @Test(arguments: [
    "1\n2.5\n-3e2\n", "x\r\n1\r\n 2.5\r\n\"-300\"", "\u{FEFF}x\n\n1\n2.50\n-300\n\n",
  ])
  func theOnlyColumnNeedsNoName(text: String) throws {
    let series = try read(text)
    #expect(series.values == [1, 2.5, -300])
    #expect(series.count == 3 && series.width == 1)
  }

  @Test func columnsAreFoundByNameAndNumber() throws {
    let text = "day,load,wind\nMon,1,10\nTue,2,20\n"
    #expect(try read(text, "load").values == [1, 2])
    #expect(try read(text, "wind", "load").values == [10, 1, 20, 2])
    #expect(try read(text, "3", "2").values == [10, 1, 20, 2])
    #expect(try read("Mon,1\nTue,2\n", "2").values == [1, 2])
    let series = try read(text, "wind", "load")
    #expect(series.columns == ["wind", "load"])
    #expect(series.column(1) == [1, 2])
    #expect(series[1..<2].values == [20, 2])
    #expect(series.digest != series[0..<1].digest)
  }

  @Test(arguments: [
    ("x\n1\n\"\"\n", [], ":3: column \"x\" is empty"),
    ("1\n2\nthree\n", [], ":3: 'three' in column 1 is no number"),
    ("x\n1\nnan\n", [], ":3: 'nan'"), ("x\n1\ninf\n", [], ":3: 'inf'"),
    ("a,b\n1,2\n3\n", ["a"], ":3: 1 fields"),
    ("a,b\n1,2\n", [], ":1: there are 2 columns (--column says which: a, b)"),
    ("a,b\n1,2\n", ["c"], ":1: there is no column \"c\""),
    ("a,b\n1,2\n", ["3"], ":1: there is no column 3"), ("", [], ":1: there is no row"),
    ("x\n\"1\n", [], ":2: a quoted field without its closing quote"),
  ])
  func faultsAreNamedByFileAndLine(text: String, columns: [String], words: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("s.csv", text)
    let error = #expect(throws: PipelineError.self) {
      try SeriesReader.read(folder.path + "/s.csv", columns: columns)
    }
    #expect(error?.description.contains("s.csv" + words) == true, "\(error?.description ?? "")")
    #expect(error?.category == .badData)
  }
}
