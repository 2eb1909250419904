import Seq
import Testing

@Suite struct CellsTests {
  @Test func namesAreFound() throws {
    #expect(Cells.all.map(\.name) == ["rnn", "rnn-relu", "lstm", "gru"])
    for cell in Cells.all { #expect(try Cells.named(cell.name).name == cell.name) }
  }

  @Test func anUnknownNameListsTheKnownOnes() {
    #expect(
      throws: SeqError.unknownName(
        kind: "cell", name: "lsmt", known: ["rnn", "rnn-relu", "lstm", "gru"])
    ) { try Cells.named("lsmt") }
    let message = "\(SeqError.unknownName(kind: "cell", name: "lsmt", known: ["gru", "lstm"]))"
    #expect(message.contains("gru") && message.contains("lstm") && message.contains("lsmt"))
  }
}
