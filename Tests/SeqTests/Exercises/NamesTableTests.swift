import Seq
import Testing

@Suite struct NamesTableTests {
  private let train = ToyTask.examples(200, seed: 1)
  private let dev = ToyTask.examples(100, seed: 2)

  private func table(epochs: Int = 3) -> NamesTable {
    NamesTable(
      configurations: NamesConfiguration.all.map {
        var configuration = $0
        configuration.training.epochs = epochs
        configuration.hidden = 8
        return configuration
      }, labels: ToyTask.labels, symbols: 7)
  }

  @Test func theBestEpochIsKept() throws {
    let rows = try table().rows(train: train, dev: dev, test: dev)
    #expect(rows.count == 5)
    for row in rows {
      let losses = row.epochs.compactMap(\.devLoss)
      let best = try #require(losses.min())
      #expect(losses.count == 3 && losses[row.epoch - 1] == best)
      #expect(abs(row.dev - best) < 1e-9 && row.test == row.dev)
      #expect(row.train > 0 && row.train < 1.5)
    }
  }

  @Test func threadsChangeNothing() throws {
    let one = try table(epochs: 2).rows(train: train, dev: dev)
    let four = try table(epochs: 2).rows(train: train, dev: dev, threads: 4)
    #expect(one.map(\.epochs) == four.map(\.epochs))
    #expect(one.map(\.train) == four.map(\.train))
    #expect(one.allSatisfy { $0.test == nil })
  }

  @Test func nothingToJudgeOnIsAnError() {
    let none = ClassifierExamples(ids: Samples.chunk([]), labels: [])
    #expect(throws: SeqError.self) { try table().rows(train: train, dev: none) }
    #expect(throws: SeqError.self) { try table().rows(train: none, dev: dev) }
  }
}
