import TestSupport
import Testing
import Tokenize

@Suite struct TextFolderTests {
  static func fold(_ token: String) throws -> String {
    var folder = TextFolder()
    return String(decoding: try folder.fold(token.utf8), as: UTF8.self)
  }

  @Test(arguments: [
    ("ABC", "abc"), ("É", "e"), ("e\u{301}", "e"), ("ﬁ", "fi"), ("℡", "tel"), ("İ", "i"),
    ("\u{301}", "\u{301}"), ("", ""), ("Łódź", "łodz"), ("Ⅳ", "iv"), ("'", "'"), ("’", "'"),
    ("ʼ", "'"), ("–", "-"), ("a‐B", "a-b"),
    ("\u{AC01}", "\u{1100}\u{1161}\u{11A8}"),
  ]) func examples(token: String, expected: String) throws {
    #expect(try Array(Self.fold(token).utf8) == Array(expected.utf8))
  }

  /// Of every scalar of the first two planes.
  @Test func isIdempotentAndNeverEmpty() throws {
    var folder = TextFolder()
    var wrong: [Unicode.Scalar] = []
    for value in 0...UInt32(0x1FFFF) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let once = try folder.fold(String(scalar).utf8)
      if once.isEmpty { wrong.append(scalar) }
      if try folder.fold(once) != once { wrong.append(scalar) }
    }
    #expect(wrong == [])
  }

  @Test func bytesThatAreNoTextStay() throws {
    var folder = TextFolder()
    for bytes: [UInt8] in [[0xC3], [0x89], [0xFF, 0x41]] {
      #expect(try folder.fold(bytes) == bytes)
    }
  }
}
