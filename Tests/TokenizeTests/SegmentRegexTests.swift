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

  /// `\w+` does not ask ICU; the same in other words does.
  @Test(arguments: [false, true])
  func wordRunsEqualICU(gaps: Bool) throws {
    var random = RandomText(seed: 73)
    var chunk = TextChunk(NaughtyText.records + random.texts(2000))
    let scalars = (0x20...UInt32(0x2FFFF)).compactMap(Unicode.Scalar.init)
    for begin in stride(from: 0, to: scalars.count, by: 64) {
      chunk.append(
        scalars[begin..<min(begin + 64, scalars.count)].flatMap { Array("\($0)\($0) ".utf8) })
    }
    let found = try StageLaws.run(
      SegmentRegex(options: .init(pattern: #"\w+"#, gaps: gaps)), on: [chunk])
    let expected = try StageLaws.run(
      SegmentRegex(options: .init(pattern: #"(?:\w)+"#, gaps: gaps)), on: [chunk])
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(found.tokens == expected.tokens) }
  }

  @Test func aPatternThatIsNoneIsRefused() {
    let error = #expect(throws: TokenizeError.self) {
      try SegmentRegex(options: .init(pattern: "a(b"))
    }
    #expect(error?.description.contains("a(b") == true)
  }
}
