import Seq
import Testing

@Suite struct SequenceLayoutTests {
  @Test func packsByTime() {
    let layout = SequenceLayout(lengths: [4, 2, 2, 1])
    #expect(layout.activeRows == [4, 3, 1, 1])
    #expect(layout.offsets == [0, 4, 7, 8])
    #expect(layout.rowCount == 9)
    #expect(layout.stepCount == 4)
    #expect(layout.batchCount == 4)
    #expect(layout.row(step: 1, sequence: 2) == 6)
  }

  @Test func equalLengths() {
    #expect(SequenceLayout(steps: 3, batch: 2) == SequenceLayout(lengths: [3, 3]))
    #expect(SequenceLayout(steps: 3, batch: 2).activeRows == [2, 2, 2])
  }

  @Test func nothing() {
    let layout = SequenceLayout(lengths: [])
    #expect([layout.rowCount, layout.stepCount, layout.batchCount] == [0, 0, 0])
  }

  @Test func everyStepOfEverySequenceHasItsOwnRow() {
    var random = RandomGenerator(seed: 5)
    for _ in 0..<200 {
      let lengths = (0..<Int.random(in: 1...9, using: &random))
        .map { _ in Int.random(in: 1...7, using: &random) }.sorted(by: >)
      let layout = SequenceLayout(lengths: lengths)
      let rows = lengths.enumerated().flatMap { n, length in
        (0..<length).map { layout.row(step: $0, sequence: n) }
      }
      #expect(rows.sorted() == Array(0..<layout.rowCount))
      #expect(layout.rowCount == lengths.reduce(0, +))
      #expect(layout.activeRows.reduce(0, +) == layout.rowCount)
    }
  }
}
