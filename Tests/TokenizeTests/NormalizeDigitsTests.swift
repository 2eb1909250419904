import CICU
import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct NormalizeDigitsTests {
  @Test(arguments: [false, true]) func keepsTheLaws(runs: Bool) throws {
    let stage = NormalizeDigits(options: .init(runs: runs))
    var random = RandomText(seed: 37)
    let numbers = TextChunk(["", "1", "12 345", "a1b22", "٣٤٥x", "7𝟘9"])
    for chunk in [NaughtyText.chunk, TextChunk(random.texts(200)), numbers] {
      #expect(try StageLaws.violations(of: stage, on: chunk) == [])
      #expect(try StageLaws.offsetViolations(of: stage, on: chunk) == [])
    }
  }

  @Test func foldsByClass() throws {
    let scalars = (0...UInt32(0x1FFFF)).compactMap { Unicode.Scalar($0) }
    let results = try rewrite(scalars.map { String($0) }, by: NormalizeDigits())
    for (scalar, result) in zip(scalars, results) {
      let category = cicu_general_category(scalar.value)
      let isDigit = category == UInt16(UInt8(ascii: "N")) << 8 | UInt16(UInt8(ascii: "d"))
      #expect(result.isIdentical(to: isDigit ? "0" : String(scalar)))
    }
  }

  @Test func examples() throws {
    let records = ["In 1999, ٢٠ of 3.14", "42", "", "x7y"]
    #expect(
      try rewrite(records, by: NormalizeDigits()) == ["In 0000, 00 of 0.00", "00", "", "x0y"])
    #expect(
      try rewrite(records, by: NormalizeDigits(options: .init(runs: true)))
        == ["In 0, 0 of 0.0", "0", "", "x0y"])
  }
}
