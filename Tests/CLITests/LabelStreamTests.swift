import TestSupport
import Testing

/// The example `examples/LabelStream.swift` is compiled here, through a link.
@Suite struct LabelStreamTests {
  @Test func theExampleAnswersAsTheCommand() async throws {
    let (folder, seqtool) = try ModelFixture.folder()
    let names = ["Satoshi", "", "O’Connor", "Nguyễn"]
    let stream = AsyncStream { continuation in
      for name in names { continuation.yield(name) }
      continuation.finish()
    }
    var answers: [String] = []
    try await label(stream, model: folder.file("m")) { answers.append($0) }
    let command = try seqtool.run(
      ["classify", "-m", "m", "--label-only"], input: names.joined(separator: "\n").utf8)
    #expect(answers == command.lines.map { String(decoding: $0, as: UTF8.self) })
  }
}
