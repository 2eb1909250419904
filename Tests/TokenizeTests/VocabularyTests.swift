import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct VocabularyTests {
  static let sample = tokenChunk([
    ["b", "a", "b"], [], ["c", "é", "e\u{301}", "c", "b"], ["\0", ""],
  ])

  static func tokens(_ vocabulary: Vocabulary) -> [String] {
    (0..<Int32(vocabulary.count)).compactMap { vocabulary.token($0) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func ordersByCountThenBytes() throws {
    let vocabulary = try Vocabulary(counting: [Self.sample])
    let expected = ["<unk>", "<end>", "b", "c", "", "\0", "a", "e\u{301}", "é"]
    #expect(Self.tokens(vocabulary).map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    #expect(vocabulary.specialCount == 2 && vocabulary.count == 9)
  }

  @Test func doesNotDependOnTheOrderOfRecords() throws {
    let records = Self.sample.records.map { $0.tokens.map { String(decoding: $0, as: UTF8.self) } }
    let vocabulary = try Vocabulary(counting: [Self.sample])
    #expect(try Vocabulary(counting: [tokenChunk(records.reversed())]) == vocabulary)
    #expect(try Vocabulary(counting: records.map { tokenChunk([$0]) }) == vocabulary)
  }

  @Test func dropsRareAndSurplusTokens() throws {
    let frequent = try Vocabulary(counting: [Self.sample], specials: [], minCount: 2)
    #expect(Self.tokens(frequent) == ["b", "c"])
    let small = try Vocabulary(counting: [Self.sample], specials: ["<unk>"], maxSize: 3)
    #expect(Self.tokens(small) == ["<unk>", "b", "c", ""])
  }

  @Test func keysAreBytes() throws {
    let vocabulary = try Vocabulary(counting: [Self.sample])
    #expect(vocabulary.id(of: "é") != vocabulary.id(of: "e\u{301}"))
    #expect(vocabulary.id(of: "x") == nil && vocabulary.id(of: "bb") == nil)
    #expect(vocabulary.token(-1) == nil && vocabulary.token(9) == nil)
  }

  @Test func specialsAreNotCounted() throws {
    let chunk = tokenChunk([["<end>", "<end>", "x"]])
    #expect(Self.tokens(try Vocabulary(counting: [chunk])) == ["<unk>", "<end>", "x"])
    #expect(throws: TokenizeError.duplicateToken(bytes: [0x61])) {
      try Vocabulary(counting: [chunk], specials: ["a", "a"])
    }
  }

  /// Ids and tokens are inverse to each other, for many tokens of all lengths.
  @Test func idsAndTokensAgree() throws {
    var random = RandomText(seed: 81)
    var distinct: [[UInt8]] = (0...255).map { [$0] }
    for i in 0..<20_000 {
      distinct.append(Array("\(i)".utf8) + random.ascii("abc\0", length: 40) + [0xFF])
    }
    let vocabulary = try Vocabulary(tokens: distinct)
    #expect(vocabulary.count == distinct.count)
    let ids = distinct.map { vocabulary.id(of: $0) }
    #expect(ids == distinct.indices.map { Int32($0) })
    #expect(
      distinct.indices.allSatisfy { vocabulary.token(Int32($0)).map(Array.init) == distinct[$0] })
    let read = try Vocabulary(encoded: vocabulary.encoded, resource: "v")
    #expect(read == vocabulary && read.id(of: distinct[777]) == 777)
  }

  @Test func refusesMalformedBytes() throws {
    let good = try Vocabulary(counting: [Self.sample]).encoded
    let isRefused = { (bytes: [UInt8]) in
      do {
        _ = try Vocabulary(encoded: bytes, resource: "v")
        return false
      } catch TokenizeError.malformedResource("v", _, _) {
        return true
      } catch {
        return false
      }
    }
    for count in 0..<good.count { #expect(isRefused(Array(good[..<count])), "cut to \(count)") }
    #expect(isRefused(good + [0]))
    // Counts and ends that do not fit, and one that overflows 32 bits.
    for offset in stride(from: 0, to: 8 + 9 * 4, by: 4) {
      for value: [UInt8] in [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0x80], [0xFF, 0, 0, 0]] {
        var bytes = good
        bytes.replaceSubrange(offset..<offset + 4, with: value)
        #expect(isRefused(bytes), "\(value) at \(offset)")
      }
    }
    // "b" becomes a second "c".
    var twice = good
    let place = try #require(twice.lastIndex(of: UInt8(ascii: "b")))
    twice[place] = UInt8(ascii: "c")
    #expect(isRefused(twice))
  }
}
