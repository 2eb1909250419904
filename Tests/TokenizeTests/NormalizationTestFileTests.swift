import Glibc
import Pipeline
import TestSupport
import Testing
import Tokenize

/// Unicode's own conformance test (UAX #15, section 9), from Debian's package `unicode-data`.
@Suite struct NormalizationTestFileTests {
  static let path = "/usr/share/unicode/NormalizationTest.txt.bz2"
  static let isInstalled = access(path, R_OK) == 0

  struct Line {
    let part: String
    let columns: [[UInt8]]
  }

  static func read() throws -> (version: String, lines: [Line]) {
    let output = try BinaryRunner(folder: "/").shell("bzcat '\(path)'").stdout
    var version = ""
    var part = ""
    var lines: [Line] = []
    for line in output.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      if version.isEmpty, let name = text.split(separator: "-").last {
        version = String(name.split(separator: ".").prefix(2).joined(separator: "."))
      }
      if text.hasPrefix("@Part") { part = String(text.prefix(6)) }
      guard let first = text.utf8.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "@")
      else { continue }
      let columns = text.split(separator: ";").prefix(5).map { column in
        column.split(separator: " ").compactMap {
          UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
        }
        .flatMap { Array(String($0).utf8) }
      }
      lines.append(Line(part: part, columns: columns))
    }
    return (version, lines)
  }

  static func normalized(_ column: Int, of lines: [Line], _ form: NormalForm) throws -> [[UInt8]] {
    var chunk = TextChunk()
    for line in lines { chunk.append(line.columns[column]) }
    return try StageLaws.run(NormalizeUnicodeTests.stage(form), on: [chunk]).map(\.bytes)
  }

  /// All 20 equalities of every line.
  @Test(.enabled(if: isInstalled)) func conforms() throws {
    let (version, lines) = try Self.read()
    try #require(version == UnicodeInfo.unicodeVersion, "the file is of Unicode \(version)")
    #expect(lines.count > 18_000)
    let targets: [(NormalForm, [Int])] = [
      (.nfc, [1, 1, 1, 3, 3]), (.nfd, [2, 2, 2, 4, 4]), (.nfkc, [3, 3, 3, 3, 3]),
      (.nfkd, [4, 4, 4, 4, 4]),
    ]
    for (form, columns) in targets {
      for (source, target) in columns.enumerated() {
        let results = try Self.normalized(source, of: lines, form)
        let wrong = zip(results, lines).filter { $0 != $1.columns[target] }.count
        #expect(wrong == 0, "\(form) of column \(source + 1)")
      }
    }
  }

  /// Every code point that is not in Part 1 is its own form.
  @Test(.enabled(if: isInstalled)) func otherScalarsStay() throws {
    let (version, lines) = try Self.read()
    try #require(version == UnicodeInfo.unicodeVersion, "the file is of Unicode \(version)")
    let listed = Set(lines.filter { $0.part == "@Part1" }.map { $0.columns[0] })
    #expect(listed.count > 16_000)
    var chunk = TextChunk()
    for value in 0...UInt32(0x10FFFF) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let bytes = Array(String(scalar).utf8)
      if !listed.contains(bytes) { chunk.append(bytes) }
    }
    for form in [NormalForm.nfc, .nfd, .nfkc, .nfkd] {
      var runner = NormalizeUnicodeTests.stage(form).makeRunner(RunContext())
      let result = try runner.consume(chunk)
      #expect(result.bytes == chunk.bytes && result.ends == chunk.ends, "\(form)")
    }
  }
}
