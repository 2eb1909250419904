import CICU
import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct NormalizePunctuationTests {
  @Test(arguments: [false, true]) func keepsTheLaws(symbols: Bool) throws {
    let stage = NormalizePunctuation(options: .init(symbols: symbols))
    var random = RandomText(seed: 31)
    for chunk in [NaughtyText.chunk, TextChunk(random.texts(200))] {
      #expect(try StageLaws.violations(of: stage, on: chunk) == [])
      #expect(try StageLaws.offsetViolations(of: stage, on: chunk) == [])
    }
  }

  /// Every scalar goes or stays by its class alone, ASCII by the table as others by ICU.
  @Test func dropsByClass() throws {
    var scalars: [Unicode.Scalar] = []
    for value in 0...UInt32(0x1FFFF) { Unicode.Scalar(value).map { scalars.append($0) } }
    let texts = scalars.map { String($0) }
    for symbols in [false, true] {
      let results = try rewrite(texts, by: NormalizePunctuation(options: .init(symbols: symbols)))
      let wrong = zip(scalars, results).filter { scalar, result in
        let category = UInt8(cicu_general_category(scalar.value) >> 8)
        let isPunctuation = category == UInt8(ascii: "P")
        let isDropped = isPunctuation || symbols && category == UInt8(ascii: "S")
        return result.isEmpty != isDropped
          || (cicu_is_punctuation(scalar.value) != 0) != isPunctuation
      }
      #expect(wrong.map(\.0) == [])
    }
  }

  @Test func examples() throws {
    let stage = NormalizePunctuation()
    #expect(
      try rewrite(["O’Connor-Smith, Jr.", "¿Qué? 5€ + 3$", "「日本」"], by: stage)
        == ["OConnorSmith Jr", "Qué 5€ + 3$", "日本"])
  }
}
