import Glibc
import Pipeline
import TestSupport
import Testing
import Tokenize

/// Unicode's own conformance tests of text boundaries (UAX #29, section 7), from Debian's package
/// `unicode-data`.
@Suite struct BreakTestFileTests {
  static let folder = "/usr/share/unicode/auxiliary/"
  static let isInstalled = access(folder + "WordBreakTest.txt", R_OK) == 0

  /// The lines of a file, each a text cut where a boundary is, and the file's Unicode version.
  static func read(_ name: String) throws -> (version: String, lines: [[[UInt8]]]) {
    var version = ""
    var lines: [[[UInt8]]] = []
    for line in try readFile(folder + name).split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      if version.isEmpty, let number = text.split(separator: "-").last {
        version = String(number.split(separator: ".").prefix(2).joined(separator: "."))
      }
      let rule = text.prefix { $0 != "#" }
      if rule.isEmpty { continue }
      lines.append(
        try rule.split(separator: "÷").map { $0.filter { $0 != "\t" } }
          .filter { !$0.allSatisfy { $0 == " " } }
          .map { segment in
            try segment.split(whereSeparator: { $0 == " " || $0 == "×" }).flatMap { digits in
              let value = try #require(UInt32(digits, radix: 16))
              return Array(String(try #require(Unicode.Scalar(value))).utf8)
            }
          })
    }
    return (version, lines)
  }

  @Test(
    .enabled(if: isInstalled),
    arguments: [
      ("GraphemeBreakTest.txt", SegmentUnit.grapheme, 600),
      ("WordBreakTest.txt", .word, 1800), ("SentenceBreakTest.txt", .sentence, 500),
    ])
  func conforms(file: String, unit: SegmentUnit, least: Int) throws {
    let (version, lines) = try Self.read(file)
    try #require(version == UnicodeInfo.unicodeVersion, "the file is of Unicode \(version)")
    #expect(lines.count > least)
    var chunk = TextChunk()
    for line in lines { chunk.append(line.flatMap { $0 }) }
    let stage = SegmentUnicodeTests.stage(unit, wordsOnly: false)
    let results = try StageLaws.run(stage, on: [chunk]).map(\.tokens)
    #expect(results.count == lines.count)
    for (line, result) in zip(lines, results) {
      // White space alone is no token of a word cutter.
      let expected = unit == .word ? line.filter { !Self.isWhiteSpace($0) } : line
      #expect(result == expected)
    }
  }

  private static func isWhiteSpace(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }
}
