import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct NGramFeaturesTests {
  static func graphemes(_ texts: [String]) throws -> TokenChunk {
    var segmenter = try SegmentUnicode().makeRunner(RunContext())
    return try segmenter.consume(TextChunk(texts))
  }

  static func features(_ stage: NGramFeatures, _ chunk: TokenChunk) throws -> [[Int32]] {
    try StageLaws.run(stage, on: [chunk]).map { $0.features ?? [] }
  }

  // MARK: The reference: the definition, written with strings

  /// All n-grams of a record, in the order in which the stage names them.
  static func grams(_ tokens: [String], _ options: NGramFeatures.Options) -> [[String]] {
    let symbols = ["begin"] + tokens.map { "t" + $0 } + ["end"]
    var grams: [[String]] = []
    for last in 1..<symbols.count {
      for n in options.minimum...options.maximum where n <= last + 1 {
        grams.append(Array(symbols[(last - n + 1)...last]))
      }
    }
    return grams
  }

  /// The encoding that orders n-grams of one n.
  static func key(_ gram: [String]) -> [UInt8] {
    gram.flatMap { symbol -> [UInt8] in
      switch symbol {
      case "begin": [0]
      case "end": [1]
      default: [UInt8(symbol.utf8.count - 1 + 2)] + Array(symbol.utf8.dropFirst())
      }
    }
  }

  static func reference(
    _ records: [[String]], _ options: NGramFeatures.Options
  ) -> (count: Int, features: [[Int32]]) {
    var counts: [[String]: Int] = [:]
    for record in records { for gram in grams(record, options) { counts[gram, default: 0] += 1 } }
    let precedes = { (a: [String], b: [String]) in
      a.count != b.count ? a.count < b.count : key(a).lexicographicallyPrecedes(key(b))
    }
    var kept = counts.filter { $0.value >= options.minCount }.keys.sorted {
      let (a, b) = (counts[$0] ?? 0, counts[$1] ?? 0)
      return a != b ? a > b : precedes($0, $1)
    }
    if options.maxSize > 0 { kept = Array(kept.prefix(options.maxSize)) }
    kept.sort(by: precedes)
    let ids = Dictionary(uniqueKeysWithValues: zip(kept, Int32(0)...))
    return (kept.count, records.map { grams($0, options).compactMap { ids[$0] } })
  }

  @Test(arguments: [
    NGramFeatures.Options(), .init(minimum: 2, maximum: 3, minCount: 1),
    .init(maximum: 1, minCount: 3), .init(maximum: 5, minCount: 1, maxSize: 40),
    .init(minimum: 3, maximum: 4, maxSize: 7), .init(maximum: 2, fold: false),
  ]) func equalsTheDefinition(options: NGramFeatures.Options) throws {
    var random = RandomText(seed: 101)
    let records = (0..<300).map { _ in
      random.ascii(options.fold ? "abcd" : "abABéß", length: 6).map { String(UnicodeScalar($0)) }
    }
    let (count, expected) = Self.reference(records, options)
    let chunk = tokenChunk(records)
    let stage = try NGramFeatures.fit(options, on: [chunk])
    #expect(stage.featureCount == count && count > 3)
    #expect(try Self.features(stage, chunk) == expected)
    // Cut into chunks, the fit is the same.
    let cut = (0..<chunk.count).map { chunk.cut($0..<$0 + 1) }
    #expect(try Self.features(NGramFeatures.fit(options, on: cut), chunk) == expected)
  }

  @Test func tokensOfManyBytesEqualTheDefinition() throws {
    var random = RandomText(seed: 102)
    let words = ["", "\0", "\0\0", "a", "aa", "the", "word", "é", "日本語", "a longer token"]
    let records = (0..<200).map { _ in
      (0..<Int.random(in: 0...6, using: &random)).map { _ in
        words[Int.random(in: 0..<words.count, using: &random)]
      }
    }
    let options = NGramFeatures.Options(maximum: 3, fold: false)
    let chunk = tokenChunk(records)
    let stage = try NGramFeatures.fit(options, on: [chunk])
    let (count, expected) = Self.reference(records, options)
    #expect(stage.featureCount == count && count > 100)
    #expect(try Self.features(stage, chunk) == expected)
    #expect(try StageLaws.violations(of: stage, on: chunk) == [])
  }

  @Test func keepsTheLaws() throws {
    var random = RandomText(seed: 103)
    let chunk = try Self.graphemes(NaughtyText.records + random.texts(100))
    let stage = try NGramFeatures.fit(.init(), on: [chunk])
    #expect(stage.featureCount > 100)
    #expect(try StageLaws.violations(of: stage, on: chunk) == [])
    let other = try Self.graphemes(random.texts(100))
    #expect(try StageLaws.violations(of: stage, on: other) == [])
  }

  @Test func foldsTokens() throws {
    let stage = try NGramFeatures.fit(.init(), on: [Self.graphemes(["Émile", "emile"])])
    let features = try Self.features(
      stage, Self.graphemes(["ÉMILE", "émile", "e\u{301}mile", "x"]))
    #expect(features[0] == features[1] && features[1] == features[2])
    // Six positions of four n-grams, less those that would begin before the begin mark.
    #expect(features[0].count == 6 * 4 - (2 + 1) && features[3] == [0])
  }

  @Test func passesTokensThrough() throws {
    let chunk = try Self.graphemes(NaughtyText.records)
    let stage = try NGramFeatures.fit(.init(), on: [chunk])
    #expect(try StageLaws.run(stage, on: [chunk]).map(\.tokens) == chunk.records.map(\.tokens))
  }

  @Test(arguments: [
    NGramFeatures.Options(minimum: 0), .init(minimum: 3, maximum: 2), .init(maximum: 33),
    .init(minCount: 0), .init(maxSize: -1),
  ]) func refusesOptions(options: NGramFeatures.Options) {
    #expect(throws: TokenizeError.self) { try NGramFeatures.fit(options, on: []) }
  }

  @Test func refusesMalformedBytes() throws {
    let chunk = tokenChunk([["a", "b"], ["a", "b"]])
    let stage = try NGramFeatures.fit(.init(maximum: 2), on: [chunk])
    var writer = ResourceWriter()
    try stage.write(to: &writer)
    let good = try #require(writer.resources["ngrams"]).bytes
    let read = { (bytes: [UInt8]) in
      var writer = ResourceWriter()
      try writer.add("ngrams", bytes: bytes)
      return try NGramFeatures(
        options: .init(maximum: 2), resources: ResourceReader(writer.resources))
    }
    #expect(try read(good).featureCount == 6)
    let bad: [[UInt8]] =
      (0..<good.count).map { Array(good[..<$0]) } + [
        good + [0],
        [1, 0, 0, 0, 1, 0],  // a begin mark alone
        [1, 0, 0, 0, 2, 1, 3, 0x61],  // an end mark at the start
        [1, 0, 0, 0, 2, 3, 0x61, 0],  // a begin mark at the end
        [1, 0, 0, 0, 3, 3, 0x61, 3, 0x61, 1],  // n = 3
        [1, 0, 0, 0, 0],  // n = 0
        [2, 0, 0, 0, 1, 1, 1, 1],  // the same twice
        [2, 0, 0, 0, 1, 3, 0x61, 1, 1],  // out of order
        [1, 0, 0, 0, 1, 0x83, 0, 0x61],  // a length not in its shortest form
        [1, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],  // a length past the end
        [0xFF, 0xFF, 0xFF, 0xFF, 1, 1],  // a count past the end
      ]
    for bytes in bad {
      #expect("\(bytes)") {
        try read(bytes)
      } throws: { error in
        guard case TokenizeError.malformedResource("ngrams", _, _) = error else { return false }
        return true
      }
    }
  }
}
