import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct SegmentRegexTests {
  @Test(arguments: [#"\w+"#, ".", "", #"(?<=a)|b*"#], [false, true])
  func keepsTheLaws(pattern: String, gaps: Bool) throws {
    let stage = try SegmentRegex(options: .init(pattern: pattern, gaps: gaps))
    var random = RandomText(seed: 72)
    #expect(try StageLaws.violations(of: stage, on: NaughtyText.chunk) == [])
    #expect(try StageLaws.violations(of: stage, on: TextChunk(random.texts(100))) == [])
  }

  @Test func examples() throws {
    func cut(_ text: String, _ pattern: String, gaps: Bool = false) throws -> [String] {
      try tokens(text, by: SegmentRegex(options: .init(pattern: pattern, gaps: gaps)))
    }
    #expect(try cut("Größe: 3.14 m", #"\w+"#) == ["Größe", "3", "14", "m"])
    #expect(try cut("a, b,c", #"\s*,\s*"#, gaps: true) == ["a", "b", "c"])
    #expect(try cut("a1b22", #"\p{L}|\p{N}+"#) == ["a", "1", "b", "22"])
    #expect(try cut("abc", "x*") == [])
    #expect(try cut("abc", "x", gaps: true) == ["abc"])
    #expect(try cut("", #"\w+"#) == [])
  }

  @Test func aPatternThatIsNoneIsRefused() {
    let error = #expect(throws: TokenizeError.self) {
      try SegmentRegex(options: .init(pattern: "a(b"))
    }
    #expect(error?.description.contains("a(b") == true)
  }
}
