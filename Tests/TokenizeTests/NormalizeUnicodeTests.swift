import CICU
import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct NormalizeUnicodeTests {
  static let forms = NormalForm.allCases

  static func stage(_ form: NormalForm) -> NormalizeUnicode {
    NormalizeUnicode(options: .init(form: form))
  }

  /// The bytes of one text in a form, through the stage.
  static func normalized(_ text: [UInt8], _ form: NormalForm) throws -> [UInt8] {
    var chunk = TextChunk()
    chunk.append(text)
    return try StageLaws.run(stage(form), on: [chunk])[0].bytes
  }

  @Test(arguments: forms) func keepsTheLaws(form: NormalForm) throws {
    let chunk = NaughtyText.chunk
    #expect(try StageLaws.violations(of: Self.stage(form), on: chunk) == [])
    #expect(try StageLaws.offsetViolations(of: Self.stage(form), on: chunk) == [])
  }

  @Test(arguments: forms) func keepsTheLawsOnRandomText(form: NormalForm) throws {
    var random = RandomText(seed: 11)
    let chunk = TextChunk(random.texts(200))
    #expect(try StageLaws.violations(of: Self.stage(form), on: chunk) == [])
    #expect(try StageLaws.offsetViolations(of: Self.stage(form), on: chunk) == [])
  }

  @Test(arguments: NormalForm.icuForms) func equalsICUAndIsIdempotent(form: NormalForm) throws {
    var random = RandomText(seed: 12)
    let texts = NaughtyText.records + random.texts(3000)
    let once = try rewrite(texts, by: Self.stage(form))
    for (text, result) in zip(texts, once) {
      let expected = try ICUReference.normalize(Array(text.utf8), #require(form.icuForm))
      #expect(Array(result.utf8) == expected, "\(text.debugDescription)")
    }
    let twice = try rewrite(once, by: Self.stage(form))
    #expect(zip(once, twice).allSatisfy { $0.isIdentical(to: $1) })
  }

  @Test func noneChangesNothing() throws {
    #expect(
      zip(try rewrite(NaughtyText.records, by: Self.stage(.none)), NaughtyText.records)
        .allSatisfy { $0.isIdentical(to: $1) })
  }

  @Test func aMarkNeverJoinsTheRecordBefore() throws {
    let texts = try rewrite(["e", "\u{301}", "\u{1100}", "\u{1161}"], by: Self.stage(.nfc))
    #expect(
      texts.map { Array($0.utf8) } == [
        [0x65], [0xCC, 0x81], [0xE1, 0x84, 0x80], [0xE1, 0x85, 0xA1],
      ])
  }

  // MARK: Long runs of marks

  /// Marks of many classes, of class 0 that decompose to marks, and scalars that NFKC_Casefold drops.
  static let markSets: [[UInt32]] = [
    [0x301, 0x316, 0x327, 0x334, 0x345, 0x35C], [0xF71, 0xF72, 0xF73, 0xF74, 0xF75, 0xF80, 0xF81],
    [0x344, 0x340, 0x301, 0x316, 0x1D165, 0x1D16D], [0xFF9E, 0x334, 0x3099, 0xFF9F, 0x301],
    [0x301, 0x200D, 0x316, 0xAD, 0x327, 0xFE0F], [0x5B0, 0x5C1, 0x64B, 0x651, 0x301, 0x31B],
    [0x16FF0, 0x16FF1, 0x301, 0x3099],
  ]

  static func marks(_ set: [UInt32], count: Int, using random: inout RandomText) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<count {
      guard let scalar = Unicode.Scalar(set[Int.random(in: 0..<set.count, using: &random)]) else {
        continue
      }
      text.append(scalar)
    }
    return String(text)
  }

  @Test(arguments: NormalForm.icuForms) func longRunsEqualICU(form: NormalForm) throws {
    var random = RandomText(seed: 13)
    for set in Self.markSets {
      for count in [1, 14, 29, 30, 31, 32, 33, 61, 62, 100, 3000] {
        let middle = Self.marks(set, count: count, using: &random)
        for text in ["a" + middle + "b", middle, "Ãé" + middle + "\u{1100}\u{1161}x" + middle] {
          let bytes = Array(text.utf8)
          let expected = try ICUReference.normalize(bytes, #require(form.icuForm))
          #expect(try Self.normalized(bytes, form) == expected, "\(count) of \(set)")
        }
      }
    }
  }

  @Test(arguments: NormalForm.icuForms) func longRunsKeepOffsetsInBounds(form: NormalForm) throws {
    var random = RandomText(seed: 14)
    let texts = Self.markSets.map { "xé" + Self.marks($0, count: 200, using: &random) + "y" }
    #expect(try StageLaws.offsetViolations(of: Self.stage(form), on: TextChunk(texts)) == [])
  }

  /// A quadratic step would take minutes here.
  @Test(.timeLimit(.minutes(2)), arguments: NormalForm.icuForms)
  func aMillionMarksEnd(form: NormalForm) throws {
    var reversed: [UInt8] = []
    for scalar in ["\u{35D}", "\u{301}", "\u{316}", "\u{334}"] {  // classes 234, 230, 220, 1
      for _ in 0..<250_000 { reversed += Array(String(scalar).utf8) }
    }
    let result = try Self.normalized(reversed, form)
    // The class 1 mark comes first; every form but NFKC_Casefold keeps all marks.
    #expect(result.starts(with: Array("\u{334}".utf8)))
    #expect(form == .nfkcCasefold || result.count == reversed.count)
    let tibetan = Array(String(repeating: "\u{F73}\u{F75}\u{F81}", count: 100_000).utf8)
    #expect(try Self.normalized(tibetan, form).count == 100_000 * 6 * 3)
  }
}
