import CICU

@testable import Pipeline
@testable import Tokenize

/// The stages from text to tokens.
struct SegmentTarget: FuzzTarget {
  private struct Variant {
    let check: StageCheck
    var unit: SegmentUnit?
    var wordsOnly = false
    var breaker: Reference.Breaker?
  }

  private let variants: [Variant]

  init() throws {
    var variants: [Variant] = []
    for (unit, number) in [
      (SegmentUnit.grapheme, CICU_GRAPHEMES), (.sentence, CICU_SENTENCES), (.scalar, nil),
      (.byte, nil), (.whitespace, nil),
    ] as [(SegmentUnit, Int?)] {
      variants.append(
        Variant(
          check: StageCheck(SegmentUnicode(options: .init(by: unit))), unit: unit,
          breaker: try number.map { try Reference.Breaker($0) }))
    }
    for (rules, number) in [(WordRules.uax29, Int(CICU_WORDS_UAX29)), (.cldr, Int(CICU_WORDS))] {
      for wordsOnly in [false, true] {
        let options = SegmentUnicode.Options(by: .word, wordsOnly: wordsOnly, rules: rules)
        variants.append(
          Variant(
            check: StageCheck(SegmentUnicode(options: options)), unit: .word,
            wordsOnly: wordsOnly, breaker: try Reference.Breaker(number)))
      }
    }
    for pattern in [#"\w+"#, #"[^\s]+|\n"#, #"\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+"#, "(?=a)|b*"] {
      for gaps in [false, true] {
        let options = SegmentRegex.Options(pattern: pattern, gaps: gaps)
        variants.append(Variant(check: StageCheck(try SegmentRegex(options: options))))
      }
    }
    self.variants = variants
  }

  /// ICU gives up after a time where a pattern of the input is hard.
  func mayThrow(_ error: any CategorizedError) -> Bool {
    if case .icu? = error as? TokenizeError { return true }
    return error.category != .software
  }

  func test(_ input: [UInt8]) throws {
    var source = ByteSource(input)
    let choice = source.byte() % (variants.count + 1)
    let cut = source.byte()
    let flags = source.byte()
    let context = RunContext(tracksOffsets: flags & 1 == 1)
    var text = TextChunk(lines: source.rest)
    let variant: Variant
    if choice < variants.count {
      variant = variants[choice]
    } else {
      // The first line is a pattern.
      let pattern = text.string(0)
      text = text.cut(1..<text.count)
      variant = Variant(check: StageCheck(try SegmentRegex(options: .init(pattern: pattern))))
    }
    let tokens = try variant.check.run(
      text, cutAt: cut, context, isFresh: flags >> 3 == 31, as: TokenChunk.self)
    for i in 0..<text.count { check(tokens, i, text, variant) }
  }

  private func check(_ tokens: TokenChunk, _ i: Int, _ text: TextChunk, _ variant: Variant) {
    let original = text.bytes(i)
    var found: [[UInt8]] = []
    var last = 0
    for t in tokens.tokens(i) {
      let token = Array(tokens.token(t))
      found.append(token)
      law(!token.isEmpty, "\(variant.check.name): an empty token")
      guard let span = tokens.spans?[t] else { continue }
      law(
        span.lowerBound >= last && span.upperBound <= original.count
          && original[Int(span.lowerBound)..<Int(span.upperBound)].elementsEqual(token),
        "\(variant.check.name): token \(t) stands for \(span) of \(original.count)")
      last = Int(span.upperBound)
    }
    guard let unit = variant.unit else { return }
    if unit != .word && unit != .whitespace {
      law(found.flatMap(\.self) == original, "\(variant.check.name): bytes are lost")
    }
    guard let breaker = variant.breaker else { return }
    let expected = breaker.segments(original).filter { segment in
      unit != .word
        || !Reference.isWhiteSpace(segment.bytes) && (segment.isWord || !variant.wordsOnly)
    }.map(\.bytes)
    law(
      found == expected,
      "\(variant.check.name): \(text.string(i).debugDescription) is cut otherwise than by ICU")
  }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] {
    let patterns = [#"(a+)+$"#, #"\X"#, "[[:L:]&&[a-z]]+", #"(?i:s|ß)(?<=x)\b"#].map {
      Array("\($0)\naaaaaaaaaaaaab x\n\u{E9}ß".utf8) + [1, 1, UInt8(variants.count)]
    }
    return try patterns
      + TextSeeds.all(project).enumerated().map { i, text in
        text + [UInt8(i & 1), 1, UInt8(i % variants.count)]
      }
  }
}
