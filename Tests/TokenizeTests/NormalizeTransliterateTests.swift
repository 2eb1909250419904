import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct NormalizeTransliterateTests {
  @Test(arguments: ["Any-Latin; Latin-ASCII", "Any-Null", "ä > ae; x > ; b > bb;", "Lower; NFD"])
  func keepsTheLaws(rules: String) throws {
    let stage = try NormalizeTransliterate(options: .init(rules: rules))
    var random = RandomText(seed: 61)
    for chunk in [NaughtyText.chunk, TextChunk(random.texts(60))] {
      #expect(try StageLaws.violations(of: stage, on: chunk) == [])
      #expect(
        try StageLaws.offsetViolations(of: stage, on: chunk, isMonotonic: false) == [])
    }
  }

  @Test func idsAndRules() throws {
    let latin = try NormalizeTransliterate()
    #expect(
      try rewrite(["Ельцин", "Παπαδόπουλος", "Nguyễn", "ﬁ"], by: latin)
        == ["El'cin", "Papadopoulos", "Nguyen", "fi"])
    let umlauts = try NormalizeTransliterate(options: .init(rules: "ä > ae; ö > oe; ü > ue;"))
    #expect(try rewrite(["Müller", "Jäger", "abc"], by: umlauts) == ["Mueller", "Jaeger", "abc"])
  }

  @Test func offsetsFollowReplacements() throws {
    let stage = try NormalizeTransliterate(options: .init(rules: "ä > ae; x > ; ss > ß;"))
    let record = try StageLaws.run(
      stage, on: [TextChunk(["xäbss"])], RunContext(tracksOffsets: true))[0]
    #expect(record.bytes == Array("aebß".utf8))
    #expect(record.starts == [1, 1, 3, 4, 4])
    #expect(record.ends == [3, 3, 4, 6, 6])
  }

  /// Replacements of other lengths all along a long record: moving its rest each time would take
  /// minutes.
  @Test(
    .timeLimit(.minutes(2)),
    arguments: [("ä > aeae; ö > ;", "aeaebc"), ("(ä)(b) > $2x$1; ö > ;", "bxäc")])
  func longRecordsEnd(rules: String, expected: String) throws {
    let stage = try NormalizeTransliterate(options: .init(rules: rules))
    let text = String(repeating: "äböc", count: 100_000)
    let result = try rewrite([text], by: stage)[0]
    #expect(result == String(repeating: expected, count: 100_000))
  }

  @Test(arguments: ["No-Such-Transform", "a >> > ;", "[", ""])
  func refusesWhatICUDoesNotKnow(rules: String) {
    #expect {
      try NormalizeTransliterate(options: .init(rules: rules))
    } throws: { error in
      guard case TokenizeError.invalidTransliteration(rules, let reason) = error else {
        return false
      }
      return !reason.isEmpty
    }
  }
}
