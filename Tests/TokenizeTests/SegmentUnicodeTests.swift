import CICU
import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct SegmentUnicodeTests {
  static func stage(
    _ unit: SegmentUnit, wordsOnly: Bool = true, rules: WordRules = .uax29
  ) -> SegmentUnicode {
    SegmentUnicode(options: .init(by: unit, wordsOnly: wordsOnly, rules: rules))
  }

  @Test(arguments: SegmentUnit.allCases, [true, false])
  func keepsTheLaws(unit: SegmentUnit, wordsOnly: Bool) throws {
    let stage = Self.stage(unit, wordsOnly: wordsOnly)
    var random = RandomText(seed: 71)
    #expect(try StageLaws.violations(of: stage, on: NaughtyText.chunk) == [])
    #expect(try StageLaws.violations(of: stage, on: TextChunk(random.texts(200))) == [])
  }

  @Test func examples() throws {
    let text = "Don't  stop_it: 3.14€, e\u{301}!\r\n日本"
    let expected: [(SegmentUnicode, [String])] = [
      (Self.stage(.whitespace), ["Don't", "stop_it:", "3.14€,", "e\u{301}!", "日本"]),
      (Self.stage(.word), ["Don't", "stop_it", "3.14", "e\u{301}", "日本"]),
      (
        Self.stage(.word, wordsOnly: false),
        ["Don't", "stop_it", ":", "3.14", "€", ",", "e\u{301}", "!", "日本"]
      ),
    ]
    for (stage, tokens) in expected { #expect(try TokenizeTests.tokens(text, by: stage) == tokens) }
    #expect(
      try tokens("👨‍👩‍👧🇩🇪🇫🇷각e\u{301}\r\nx", by: Self.stage(.grapheme))
        == ["👨‍👩‍👧", "🇩🇪", "🇫🇷", "각", "e\u{301}", "\r\n", "x"])
    #expect(try tokens("aé😀", by: Self.stage(.scalar)) == ["a", "é", "😀"])
    #expect(try tokens("Go! Why? So.", by: Self.stage(.sentence)) == ["Go! ", "Why? ", "So."])
  }

  @Test(arguments: [SegmentUnit.grapheme, .scalar, .byte, .sentence])
  func losesNothing(unit: SegmentUnit) throws {
    var random = RandomText(seed: 72)
    let texts = NaughtyText.records + random.texts(1000)
    let records = try StageLaws.run(Self.stage(unit), on: [TextChunk(texts)])
    for (text, record) in zip(texts, records) {
      #expect(record.tokens.flatMap { $0 } == Array(text.utf8))
    }
  }

  @Test func graphemesEqualICU() throws {
    var random = RandomText(seed: 73)
    let texts = NaughtyText.records + random.texts(5000, length: 12)
    let records = try StageLaws.run(Self.stage(.grapheme), on: [TextChunk(texts)])
    for (text, record) in zip(texts, records) {
      let expected = try ICUReference.segments(Array(text.utf8), Int(CICU_GRAPHEMES)).map(\.bytes)
      #expect(record.tokens == expected, "\(text.debugDescription)")
    }
  }

  /// Every scalar of the planes in use, between neighbours that it could join.
  @Test func everyScalarIsCutAsICUCuts() throws {
    var chunk = TextChunk()
    var whole: [UInt8] = []
    for value in 0x80...UInt32(0x1FFFF) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = Array("a\(scalar)\(scalar)é\n".utf8)
      chunk.append(text)
      whole += text
    }
    // LF ends every record and is a grapheme of its own, so one text shows what many would.
    let expected = try ICUReference.segments(whole, Int(CICU_GRAPHEMES)).map(\.bytes)
    let records = try StageLaws.run(Self.stage(.grapheme), on: [chunk])
    #expect(records.flatMap(\.tokens) == expected)
  }

  @Test(arguments: [(WordRules.uax29, CICU_WORDS_UAX29), (.cldr, CICU_WORDS)])
  func wordsEqualICU(rules: WordRules, unit: Int) throws {
    var random = RandomText(seed: 74)
    var texts = (NaughtyText.records + random.texts(20_000)).map { Array($0.utf8) }
    let pieces = [
      "a", "é", "א", "1", "٣", "_", "'", "\"", ".", ":", ",", "·", "\u{301}", "\u{200D}", "\u{AD}",
      " ",
      "\u{3000}", "🇩", "❤", "ℹ", "\r", "\n", "日", "ア", "ก", "가", "-", "@", "東京", "สวัสดี", "。", "ー",
      "\u{3099}", "\u{200B}", "ຂ", "…", "こんにちは",
    ]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...9, using: &random)
      let chosen = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
      texts.append(Array(chosen.joined().utf8))
    }
    for _ in 0..<20_000 { texts.append(random.ascii("aB09_.':,; \r\n\t-@\u{0B}\0", length: 10)) }
    var chunk = TextChunk()
    for text in texts { chunk.append(text) }
    let words = try StageLaws.run(Self.stage(.word, rules: rules), on: [chunk])
    let all = try StageLaws.run(
      Self.stage(.word, wordsOnly: false, rules: rules), on: [chunk])
    let reference = try ICUReference.Breaker(unit)
    for (i, text) in texts.enumerated() {
      let segments = try reference.segments(text)
      let visible = segments.filter { segment in
        !String(decoding: segment.bytes, as: UTF8.self).unicodeScalars
          .allSatisfy { cicu_is_white_space($0.value) != 0 }
      }
      #expect(words[i].tokens == visible.filter(\.isWord).map(\.bytes), "\(text)")
      #expect(all[i].tokens == visible.map(\.bytes), "\(text)")
    }
  }

  // MARK: Offsets

  @Test(arguments: SegmentUnit.allCases) func spansOfUnchangedTextAreTheTokens(
    unit: SegmentUnit
  ) throws {
    let records = try StageLaws.run(
      Self.stage(unit), on: [NaughtyText.chunk], RunContext(tracksOffsets: true))
    for (text, record) in zip(NaughtyText.records, records) {
      let bytes = Array(text.utf8)
      let spans = try #require(record.spans)
      #expect(spans.map { Array(bytes[Int($0.lowerBound)..<Int($0.upperBound)]) } == record.tokens)
    }
  }

  /// What a token's span covers in the original gives, normalised again, that token (together with
  /// the tokens that share its span: `ﬁ` gives two).
  @Test(arguments: NormalForm.allCases) func spansReferToTheOriginal(form: NormalForm) throws {
    var random = RandomText(seed: 75)
    let texts = NaughtyText.records + random.texts(500)
    let context = RunContext(tracksOffsets: true)
    var normalizer = NormalizeUnicodeTests.stage(form).makeRunner(context)
    var segmenter = try Self.stage(.scalar).makeRunner(context)
    let tokens = try segmenter.consume(normalizer.consume(TextChunk(texts)))
    for (text, record) in zip(texts, tokens.records) {
      let original = Array(text.utf8)
      let spans = try #require(record.spans)
      #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound })
      var i = 0
      while i < spans.count {
        var end = i + 1
        while end < spans.count, spans[end] == spans[i] { end += 1 }
        let slice = Array(original[Int(spans[i].lowerBound)..<Int(spans[i].upperBound)])
        let again = try NormalizeUnicodeTests.normalized(slice, form)
        #expect(again == record.tokens[i..<end].flatMap { $0 }, "\(text.debugDescription)")
        i = end
      }
    }
  }
}
