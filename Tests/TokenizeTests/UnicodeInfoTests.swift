import Testing
import Tokenize

@Suite struct UnicodeInfoTests {
  @Test func versionsAreNumbers() {
    for version in [UnicodeInfo.icuVersion, UnicodeInfo.unicodeVersion] {
      let parts = version.split(separator: ".").map { Int($0) }
      #expect(parts.count >= 1 && !parts.contains(nil), "\(version)")
    }
    // Nothing older has the edits of normalisation on UTF-8 that offsets are made of.
    #expect((UnicodeInfo.icuVersion.split(separator: ".").first.flatMap { Int($0) } ?? 0) >= 66)
  }
}
