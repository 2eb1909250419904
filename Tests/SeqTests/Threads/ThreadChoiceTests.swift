import Seq
import Testing

@Suite struct ThreadChoiceTests {
  /// The threads of each step, where steps on several threads and on one take these times.
  private func threads(
    _ choice: inout ThreadChoice, _ steps: Int, several: Double, one: Double, _ now: inout Double
  ) -> [Int] {
    (0..<steps).map { step in
      let threads = choice.pool.threads
      // Now and then something else takes the processor.
      now += (threads > 1 ? several : one) + (step % 7 == 3 ? 5 : 0)
      choice.smallStepEnded(at: now)
      return threads
    }
  }

  @Test func isTheFasterOneAndChangesItsMind() {
    var choice = ThreadChoice(WorkerPool(threads: 3), trial: 5, between: 20)
    var now = 100.0
    // The end of the first step begins the first trial.
    #expect(threads(&choice, 1, several: 1, one: 2, &now) == [3])
    func trials(then threads: Int) -> [Int] {
      [Int](repeating: 3, count: 5) + [Int](repeating: 1, count: 5)
        + [Int](repeating: threads, count: 20)
    }
    #expect(threads(&choice, 30, several: 1, one: 2, &now) == trials(then: 3))
    #expect(threads(&choice, 30, several: 1.6, one: 1.5, &now) == trials(then: 1))
    #expect(threads(&choice, 30, several: 0.9, one: 1.5, &now) == trials(then: 3))
  }

  @Test func largeStepsRunOnAllThreads() {
    var choice = ThreadChoice(WorkerPool(threads: 2), trial: 3, between: 10)
    var now = 0.0
    #expect(threads(&choice, 9, several: 2, one: 1, &now) == [2, 2, 2, 2, 1, 1, 1, 1, 1])
    choice.largeStepEnded()
    #expect(choice.pool.threads == 2)
    #expect(threads(&choice, 5, several: 2, one: 1, &now) == [2, 2, 2, 2, 1])
  }

  @Test func oneThreadIsNoChoice() {
    var choice = ThreadChoice(WorkerPool(threads: 1), trial: 2, between: 3)
    var now = 0.0
    #expect(threads(&choice, 9, several: 1, one: 1, &now) == [Int](repeating: 1, count: 9))
  }
}
