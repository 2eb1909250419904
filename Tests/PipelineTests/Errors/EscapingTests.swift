import Pipeline
import Testing

@Suite struct EscapingTests {
  @Test(arguments: [
    ("plain é 日本", "plain é 日本"), ("a\nb\tc\r", "a\\nb\\tc\\r"), ("\u{1B}[31m", "\\u{1B}[31m"),
    ("\u{202E}x", "\\u{202E}x"), ("\u{2028}", "\\u{2028}"), ("", ""),
  ])
  func controlsAreEscaped(text: String, expected: String) {
    #expect(Escaping.printable(text) == expected)
  }

  @Test func malformedBytesAreEscaped() {
    #expect(Escaping.printable([0x61, 0xFF, 0xE6, 0x97, 0x62] as [UInt8]) == "a\\xFF\\xE6\\x97b")
  }

  @Test func longTextIsCut() {
    #expect(Escaping.printable("abcdef", limit: 3) == "abc...")
    #expect(Escaping.printable("abc", limit: 3) == "abc")
  }
}
