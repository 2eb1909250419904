import Pipeline
import Testing
import Tokenize

@Suite struct TokenizeErrorTests {
  static let all: [(TokenizeError, ErrorCategory)] = [
    (.invalidOption(stage: "s", option: "o", reason: "r\u{1B}[0m"), .usage),
    (.invalidTransliteration(rules: "a\nb", reason: "r"), .usage),
    (.malformedResource(resource: "v", offset: 3, reason: "r"), .badData),
    (.unknownToken(bytes: [0x0A, 0xFF], record: 3), .badData),
    (.chunkTooLarge(stage: "s"), .badData), (.tableTooLarge("t"), .badData),
    (.textTooLong(limit: 65536), .badData),
    (.duplicateToken(bytes: [0x1B]), .badData), (.icu(operation: "o", status: 4), .software),
  ]

  @Test func messagesAreOneLineWithoutControls() {
    for (error, category) in Self.all {
      let message = "\(error)"
      #expect(message.count > 10)
      #expect(
        message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "\(message)")
      #expect(error.category == category)
    }
  }
}
