import TestSupport
import Testing
import Tokenize

@Suite struct TokenCountsTests {
  static func counts(_ tokens: [[UInt8]]) throws -> TokenCounts {
    var counts = TokenCounts()
    for token in tokens { try counts.add(token) }
    return counts
  }

  /// Tokens of all lengths and bytes, many of them often, many sharing their first eight bytes.
  static func randomTokens(_ random: inout RandomText, count: Int) -> [[UInt8]] {
    (0..<count).map { _ in
      let head = Bool.random(using: &random) ? Array("constant".utf8) : []
      return head + random.ascii("ab\t\n\r\0\\\u{7F}", length: 3)
        + (Int.random(in: 0..<8, using: &random) == 0 ? [0xFF, 0x80] : [])
    }
  }

  @Test func countsChunksAndTokens() throws {
    var counts = TokenCounts()
    try counts.add(tokenChunk([["b", "a"], [], ["b", ""]]))
    try counts.add("b".utf8, count: 5)
    try counts.add("never".utf8, count: 0)
    #expect(counts.count == 3)
    #expect(counts["b".utf8] == 7 && counts["a".utf8] == 1 && counts["never".utf8] == 0)
    #expect(String(decoding: counts.canonical, as: UTF8.self) == "\t1\na\t1\nb\t7\n")
  }

  @Test func theCanonicalFormIsSortedByBytesAndEscaped() throws {
    let tokens = [
      "b", "a\\n", "é", "e\u{301}", "a", "\t", "\n", "a\0", "ab\r", "constant1", "constant",
    ]
    let expected = [
      "\\t", "\\n", "a", "a\\0", "a\\\\n", "ab\\r", "b", "constant", "constant1", "e\u{301}", "é",
    ]
    let text = try Self.counts(tokens.map { Array($0.utf8) }).canonical
    #expect(text == expected.flatMap { Array($0.utf8) + Array("\t1\n".utf8) })
  }

  /// What sorting does is what sorting arrays of bytes does.
  @Test func theOrderIsThatOfByteStrings() throws {
    var random = RandomText(seed: 301)
    let tokens = Self.randomTokens(&random, count: 5000)
    var expected: [UInt8] = []
    let distinct = Set(tokens).sorted { $0.lexicographicallyPrecedes($1) }
    for token in distinct {
      var one = TokenCounts()
      try one.add(token, count: UInt64(tokens.filter { $0 == token }.count))
      expected += one.canonical
    }
    #expect(distinct.count > 300)
    #expect(try Self.counts(tokens).canonical == expected)
  }

  @Test func mergingIsAssociativeAndCommutative() throws {
    var random = RandomText(seed: 302)
    let parts = try (0..<3).map { _ in
      try Self.counts(Self.randomTokens(&random, count: 700))
    }
    let merged = { (a: TokenCounts, b: TokenCounts) in
      var sum = a
      try sum.merge(b)
      return sum
    }
    let left = try merged(merged(parts[0], parts[1]), parts[2])
    let right = try merged(parts[0], merged(parts[1], parts[2]))
    let turned = try merged(merged(parts[2], parts[1]), parts[0])
    #expect(left.canonical == right.canonical && left.canonical == turned.canonical)
    #expect(try merged(left, TokenCounts()).canonical == left.canonical)
  }

  @Test func aCountThatPassesItsLimitIsAnError() throws {
    var counts = TokenCounts()
    try counts.add("a".utf8, count: .max)
    #expect(throws: TokenizeError.countOverflow(token: [0x61])) { try counts.add("a".utf8) }
    #expect(counts["a".utf8] == .max)
  }
}
