import Pipeline
import Seq
import Testing

@Suite struct LabelListTests {
  @Test(arguments: [
    ["a", "b"], ["ham", "spam"], ["Čeština", "日本語", "e\u{301}", "\u{e9}"], ["a\r", "a"],
  ])
  func survives(labels: [String]) throws {
    let decoded = try LabelList.decode(LabelList.encode(labels))
    #expect(decoded.map { Array($0.utf8) } == labels.map { Array($0.utf8) })
    try LabelList.validate(labels)
  }

  @Test(arguments: ["", "a\n", "a\nb", "a\n\nb\n", "\na\nb\n", "a\nb\na\n", "a\nb\nc"])
  func refuses(text: String) {
    #expect(throws: PipelineError.self) { try LabelList.decode(Array(text.utf8)) }
  }

  @Test func refusesWhatIsNotUTF8() {
    #expect(throws: PipelineError.self) {
      try LabelList.decode([0x61, 0x0A, 0xFF, 0x0A])
    }
  }

  @Test(arguments: [[], ["a"], ["a", ""], ["a", "b", "a"], ["a", "b\nc"]])
  func validationRefuses(labels: [String]) {
    #expect(throws: SeqError.self) { try LabelList.validate(labels) }
  }
}
