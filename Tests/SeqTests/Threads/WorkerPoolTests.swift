import Foundation
import Seq
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  /// How often each of `count` pieces ran.
  private func runs(_ count: Int, threads: Int, piece: @Sendable (Int) -> Void = { _ in }) -> [Int]
  {
    let log = Log()
    WorkerPool(threads: threads).run(count) { i in
      piece(i)
      log.add(i)
    }
    return (0..<count).map { i in log.numbers.count { $0 == i } }
  }

  @Test(arguments: 1...4) func everyPieceRunsOnceBeforeTheCallReturns(threads: Int) {
    for round in 0..<5_000 {
      let count = round % 7
      #expect(runs(count, threads: threads) == [Int](repeating: 1, count: count))
    }
  }

  @Test func piecesMayRunPieces() {
    let inner = Atomic(0)
    let outer = runs(3, threads: 2) { _ in
      WorkerPool(threads: 2).run(5) { _ in inner.add(1, ordering: .relaxed) }
    }
    #expect(outer == [1, 1, 1] && inner.load(ordering: .relaxed) == 15)
  }

  @Test func callersDoNotDisturbEachOther() async {
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask { (0..<500).allSatisfy { runs($0 % 5, threads: 2).allSatisfy { $0 == 1 } } }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test(arguments: 1...3) func everyPartThatPiecesLeaveRunsOnce(threads: Int) {
    for round in 0..<2_000 {
      let count = round % 5
      let expected = (0..<count).flatMap { piece in (0..<piece).map { piece * 10 + $0 } }
      let log = Log()
      WorkerPool(threads: threads).run(count) { piece in
        (0..<piece).map { piece * 10 + $0 }
      } rest: { part in
        log.add(part)
      }
      #expect(log.numbers.sorted() == expected)
    }
  }

  @Test func partsBeginAfterTheirPieceAndRunBesideASlowOne() {
    // Piece 1 ends only after a part of piece 0 has run.
    let partsOfFirst = Atomic(0)
    WorkerPool(threads: 2).run(2) { piece in
      while piece == 1 && partsOfFirst.load(ordering: .acquiring) == 0 { usleep(100) }
      return [piece, piece]
    } rest: { piece in
      if piece == 0 { partsOfFirst.add(1, ordering: .acquiringAndReleasing) }
    }
    #expect(partsOfFirst.load(ordering: .acquiring) == 2)
  }

  @Test func threadsThatSleepAreWoken() {
    for _ in 0..<5 {
      usleep(5_000)
      #expect(runs(2, threads: 2) { _ in usleep(2_000) } == [1, 1])
    }
  }
}

/// Numbers that several threads write down. (A lock that ThreadSanitizer knows, unlike `Mutex`.)
private final class Log: @unchecked Sendable {
  private let lock = NSLock()
  private var added: [Int] = []

  func add(_ number: Int) { lock.withLock { added.append(number) } }
  var numbers: [Int] { lock.withLock { added } }
}
