import TestSupport
import Testing

@Suite struct NormalizeCommandTests {
  private let seqtool = BinaryRunner()

  @Test(arguments: [
    ([], "e\u{301}ﬁ", "éﬁ"),
    (["--form", "nfd"], "é", "e\u{301}"),
    (["--form", "nfkc"], "ﬁ Ａ", "fi A"),
    (["--form", "nfkd"], "é½", "e\u{301}1⁄2"),
    (["--form", "nfkc-casefold"], "Straße\u{AD} Ａ", "strasse a"),
    (["--form", "none"], "e\u{301}", "e\u{301}"),
    (["--lowercase"], "İSTANBUL ΟΔΟΣ", "i\u{307}stanbul οδος"),
    (["--lowercase", "--locale", "tr"], "ISI", "ısı"),
    (["--casefold"], "Straße", "strasse"),
    (["--strip-punctuation"], "O’Brien-Hart, Jr. $5", "OBrienHart Jr $5"),
    (["--strip-accents"], "Dvořák Nguyễn", "Dvorak Nguyen"),
    (["--collapse-whitespace"], " a\t\u{3000}b  ", "a b"),
    (["--transliterate", "Any-Latin; Latin-ASCII"], "Чайковский", "Cajkovskij"),
    (["--form", "nfd", "--strip-accents", "--lowercase"], "É", "e"),
    (["--strip-punctuation"], "a.\u{301}", "á"),
  ])
  func flagsDoWhatTheySay(flags: [String], text: String, expected: String) throws {
    let result = try seqtool.run(["normalize"] + flags, input: Array(text.utf8))
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.stdout == Array(expected.utf8) + [0x0A])
  }

  @Test func aTransformCannotMakeTwoLinesOfOne() throws {
    let result = try seqtool.run("normalize", "--transliterate", "x > \\n ;", text: "axb\n")
    #expect(result.output == "a b\n")
  }

  @Test func anUnknownTransformIsWrongUsage() throws {
    let result = try seqtool.run("normalize", "--transliterate", "Foo-Bar", text: "a\n")
    #expect(result.code == 64)
  }

  @Test func theMapSaysWhichBytesCameFromWhich() throws {
    let folder = try TemporaryFolder()
    let seqtool = BinaryRunner(folder: folder.path)
    let flags = ["normalize", "--form", "nfkd", "--collapse-whitespace"]
    let input = Array("ﬁxé  AB\nplain\n\n".utf8)
    let mapped = try seqtool.run(flags + ["--map", "map.jsonl"], input: input)
    let plain = try seqtool.run(flags, input: input)
    #expect(mapped.code == 0 && mapped.stdout == plain.stdout)
    #expect(
      String(decoding: try folder.read("map.jsonl"), as: UTF8.self) == """
        {"runs":[[0,2,0,3],[2,3,3,4],[3,6,4,6],[6,7,6,8],[7,9,8,10]]}
        {"runs":[[0,5,0,5]]}
        {"runs":[]}

        """)
    let bad = try seqtool.run(["normalize", "--map", "no/such"], input: input)
    #expect(bad.code == 73 && bad.stdout.isEmpty)
  }
}
