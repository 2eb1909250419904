import Pipeline
import Testing

@Suite struct PipelineErrorTests {
  private static let errors: [(PipelineError, ErrorCategory, String)] = [
    (
      .malformedText(file: "a\n.txt", line: 3, offset: 7), .badData,
      "a\\n.txt:3:7: malformed UTF-8 (--invalid replace"
    ),
    (.recordTooLong(file: "f", line: 2, limit: 16), .badData, "f:2: the record is longer than 16"),
    (.wrongEncoding(file: "f", encoding: "UTF-16"), .badData, "f:1:1: the text is UTF-16"),
    (
      .cannotOpen(file: "none", code: 2), .noInput,
      "none: cannot be opened: No such file or directory"
    ),
    (
      .cannotWrite(file: "m", operation: "write", code: 28), .io,
      "m: write failed: No space left on device"
    ),
    (.cannotCreate(file: "m", code: 13), .cannotCreate, "m: cannot be created: Permission denied"),
    (.outputFailed(code: 28), .io, "standard output: cannot be written: No space"),
    (.outputClosed, .outputClosed, "the output was closed"),
    (
      .malformedModel(file: "m", place: "w", problem: "is damaged"), .badData, "m:w: is damaged"
    ),
    (.unknownStage("\u{1B}", known: []), .usage, "unknown stage \"\\u{1B}\" (none is known)"),
    (.duplicateStage("a"), .software, "stage \"a\" is registered twice"),
    (.missingResource("w"), .badData, "resource \"w\" is missing"),
    (.malformedJSON(offset: 4, problem: "x"), .badData, "JSON, byte 4: x"),
  ]

  @Test(arguments: errors)
  func messagesAreOneLine(error: PipelineError, category: ErrorCategory, start: String) {
    #expect(error.description.hasPrefix(start), "\(error)")
    #expect(!error.description.utf8.contains { $0 < 0x20 })
    #expect(error.category == category)
  }
}
