import CICU
import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct NormalizeWhitespaceTests {
  @Test func keepsTheLaws() throws {
    var random = RandomText(seed: 51)
    for chunk in [NaughtyText.chunk, TextChunk(random.texts(300))] {
      #expect(try StageLaws.violations(of: NormalizeWhitespace(), on: chunk) == [])
      #expect(try StageLaws.offsetViolations(of: NormalizeWhitespace(), on: chunk) == [])
    }
  }

  @Test func examples() throws {
    let texts = ["  a  b ", "\t\r\n", "a\u{A0}\u{3000}b", "ab", "\u{2028}é\u{85} ", ""]
    #expect(try rewrite(texts, by: NormalizeWhitespace()) == ["a b", "", "a b", "ab", "é", ""])
  }

  /// The property is ICU's, for every scalar.
  @Test func knowsAllWhiteSpace() throws {
    var scalars: [Unicode.Scalar] = []
    for value in 0...UInt32(0x1FFFF) { Unicode.Scalar(value).map { scalars.append($0) } }
    let results = try rewrite(scalars.map { "a\($0)b" }, by: NormalizeWhitespace())
    let wrong = zip(scalars, results).filter { scalar, result in
      let isSpace = cicu_is_white_space(scalar.value) != 0
      return !result.isIdentical(to: isSpace ? "a b" : "a\(scalar)b")
    }
    #expect(wrong.map(\.0) == [])
  }
}
