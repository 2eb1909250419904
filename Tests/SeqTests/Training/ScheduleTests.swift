import Seq
import Testing

@Suite struct ScheduleTests {
  private func factors(
    _ schedule: Schedule, at progress: [Double], warmUp: Double = 0, plateaus: Int = 0
  ) -> [Double] {
    progress.map { schedule.factor(progress: $0, warmUp: warmUp, plateaus: plateaus) }
  }

  @Test func values() {
    let at = [0, 0.25, 0.5, 0.75, 1]
    let root = 0.5.squareRoot() / 2
    #expect(factors(.constant, at: at) == [1, 1, 1, 1, 1])
    #expect(factors(.step, at: at) == [1, 1, 0.1, 0.01, 0.01])
    #expect(distance(factors(.exponential, at: at), [1, 0.316228, 0.1, 0.0316228, 0.01]) < 1e-6)
    #expect(distance(factors(.cosine, at: at), [1, 0.5 + root, 0.5, 0.5 - root, 0]) < 1e-15)
    #expect(factors(.linear, at: at) == [1, 0.75, 0.5, 0.25, 0])
    #expect(
      distance(factors(.plateau, at: at, plateaus: 3), .init(repeating: 0.125, count: 5)) < 1e-15)
    // A rise over the first tenth, the top at its end, half way down in the middle of the rest.
    #expect(
      distance(factors(.oneCycle, at: [0, 0.05, 0.1, 0.55, 1]), [0, 0.5, 1, 0.5, 0]) < 1e-15)
  }

  @Test(arguments: Schedule.allCases)
  func warmUpRisesToOneAndNothingJumpsThere(schedule: Schedule) {
    let found = factors(schedule, at: [0, 0.1, 0.2, 0.3999, 0.4], warmUp: 0.4)
    #expect(distance(found, [0, 0.25, 0.5, 0.99975, 1]) < 1e-12)
    let all = factors(schedule, at: (0...100).map { Double($0) / 100 }, warmUp: 0.4)
    #expect(all.allSatisfy { (0...1).contains($0) })
    #expect(zip(all[40...], all[41...]).allSatisfy { $0 >= $1 })
  }

  @Test func aWarmUpOfTheWholeTraining() {
    #expect(factors(.cosine, at: [0.5, 1], warmUp: 1) == [0.5, 0])
    #expect(factors(.constant, at: [0.5, 1], warmUp: 1) == [0.5, 1])
  }
}
