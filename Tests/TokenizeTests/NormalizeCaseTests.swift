import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct NormalizeCaseTests {
  @Test(arguments: NormalizeCase.Mode.allCases, ["", "tr", "lt"])
  func keepsTheLaws(mode: NormalizeCase.Mode, locale: String) throws {
    let stage = try NormalizeCase(options: .init(mode: mode, locale: locale))
    var random = RandomText(seed: 21)
    for chunk in [NaughtyText.chunk, TextChunk(random.texts(200))] {
      #expect(try StageLaws.violations(of: stage, on: chunk) == [])
      #expect(try StageLaws.offsetViolations(of: stage, on: chunk) == [])
    }
  }

  @Test func equalsICU() throws {
    var random = RandomText(seed: 22)
    let texts = NaughtyText.records + random.texts(3000)
    let lowered = try rewrite(texts, by: NormalizeCase(options: .init(mode: .lower)))
    let folded = try rewrite(texts, by: NormalizeCase(options: .init(mode: .fold)))
    for (i, text) in texts.enumerated() {
      #expect(try Array(lowered[i].utf8) == ICUReference.lowercase(Array(text.utf8)))
      #expect(try Array(folded[i].utf8) == ICUReference.foldCase(Array(text.utf8)))
    }
  }

  @Test func followsContextAndLanguage() throws {
    let lower = try NormalizeCase(options: .init(mode: .lower))
    #expect(try rewrite(["ΟΔΟΣ", "Straße", "IĞDIR"], by: lower) == ["οδος", "straße", "iğdir"])
    let turkish = try NormalizeCase(options: .init(mode: .lower, locale: "tr-TR"))
    #expect(try rewrite(["IĞDIR", "İ", "TITLE"], by: turkish) == ["ığdır", "i", "tıtle"])
    let fold = try NormalizeCase(options: .init(mode: .fold))
    #expect(try rewrite(["Straße", "ΣΑΣ"], by: fold) == ["strasse", "σασ"])
    let turkishFold = try NormalizeCase(options: .init(mode: .fold, locale: "az"))
    #expect(try rewrite(["I"], by: turkishFold) == ["ı"])
  }

  @Test(arguments: ["x", "1a", "tr-", "tr TR", "türk", "en-toolongtag", "-"])
  func refusesWhatIsNoLanguageTag(locale: String) {
    #expect(throws: TokenizeError.self) {
      try NormalizeCase(options: .init(mode: .lower, locale: locale))
    }
  }
}
