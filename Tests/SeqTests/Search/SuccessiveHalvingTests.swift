import Seq
import Testing

@Suite struct SuccessiveHalvingTests {
  @Test func everyRungCostsAboutAsMuch() throws {
    let halving = try SuccessiveHalving(trials: 81, rungs: 5, factor: 3)
    #expect((0..<5).map { halving.count(ofRung: $0) } == [81, 27, 9, 3, 1])
    #expect((0..<5).map { halving.epochs(ofRung: $0, total: 81) } == [1, 3, 9, 27, 81])
    let other = try SuccessiveHalving(trials: 10, rungs: 3, factor: 3)
    #expect((0..<3).map { other.count(ofRung: $0) } == [10, 3, 1])
    #expect((0..<3).map { other.epochs(ofRung: $0, total: 12) } == [1, 4, 12])
    #expect((0..<3).map { other.epochs(ofRung: $0, total: 2) } == [1, 1, 2])
  }

  @Test func theBestGoOn() throws {
    let halving = try SuccessiveHalving(trials: 7, rungs: 2, factor: 2)
    let losses: [(trial: Int, loss: Double?)] = [
      (0, 0.5), (1, 0.2), (2, nil), (3, 0.9), (4, 0.2), (5, 0.4), (6, 0.4),
    ]
    // Of equal losses the lower number; by rising number.
    #expect(halving.promoted(from: losses, after: 0) == [1, 4, 5])
    #expect(SuccessiveHalving.ranked(losses).map(\.trial) == [1, 4, 5, 6, 0, 3, 2])
    #expect(halving.promoted(from: [(0, nil), (1, 3)], after: 0) == [1])
  }

  @Test(arguments: [(0, 1, 3), (8, 3, 3), (9, 4, 3), (9, 0, 3), (9, 2, 1)])
  func whatCannotBeIsRefused(trials: Int, rungs: Int, factor: Int) {
    #expect(throws: SeqError.self) {
      try SuccessiveHalving(trials: trials, rungs: rungs, factor: factor)
    }
  }
}
