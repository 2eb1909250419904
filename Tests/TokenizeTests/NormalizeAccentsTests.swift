import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct NormalizeAccentsTests {
  @Test func keepsTheLaws() throws {
    var random = RandomText(seed: 41)
    for chunk in [NaughtyText.chunk, TextChunk(random.texts(300))] {
      #expect(try StageLaws.violations(of: NormalizeAccents(), on: chunk) == [])
      #expect(try StageLaws.offsetViolations(of: NormalizeAccents(), on: chunk) == [])
    }
  }

  @Test func examples() throws {
    let texts = ["Nguyễn", "é", "e\u{301}", "Łódź", "각", "\u{301}", "Ångström ﬁ"]
    #expect(
      try rewrite(texts, by: NormalizeAccents())
        == ["Nguyen", "e", "e", "Łodz", "각", "", "Angstrom ﬁ"])
  }

  @Test func isIdempotentAndComposed() throws {
    var random = RandomText(seed: 42)
    let once = try rewrite(random.texts(1000), by: NormalizeAccents())
    let twice = try rewrite(once, by: NormalizeAccents())
    let composed = try rewrite(once, by: NormalizeUnicode(options: .init(form: .nfc)))
    #expect(zip(once, twice).allSatisfy { $0.isIdentical(to: $1) })
    #expect(zip(once, composed).allSatisfy { $0.isIdentical(to: $1) })
  }
}
