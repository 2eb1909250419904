import Seq
import Testing

@Suite struct NextWordExerciseTests {
  @Test(
    arguments: [[0, 1, 2, 3], [0, 1, 0, 2, 0, 3], [0, 0]] as [[Int32]], [1, 2, 3] as [UInt64])
  func learnsThePhrase(words: [Int32], seed: UInt64) throws {
    var exercise = try NextWordExercise(words: words)
    exercise.seed = seed
    let result = try exercise.run()
    #expect(result.predicted == words.last)
    #expect(result.probability > 0.9 && result.probability <= 1)
    #expect(result.losses.count == 1000)
    #expect(result.losses[999] < 0.1)
  }

  /// Before anything is learnt every word is about as likely as another.
  @Test func beginsWithoutKnowledge() throws {
    var exercise = try NextWordExercise(words: [0, 1, 2, 3, 4, 5, 6, 7])
    exercise.epochs = 1
    let loss = try exercise.run().losses[0]
    #expect(abs(loss - Double.log(8)) < 0.5)
  }

  @Test func theSeedDecidesAll() throws {
    var exercise = try NextWordExercise(words: [0, 1, 2, 1])
    exercise.epochs = 20
    var told: [Double] = []
    let first = try exercise.run {
      #expect($0 == told.count + 1)
      told.append($1)
    }
    #expect(told == first.losses)
    #expect(try exercise.run() == first)
    exercise.seed = 2
    #expect(try exercise.run().losses != first.losses)
  }

  @Test func whatHasNoMeaningIsRefused() throws {
    for words in [[], [0], [0, -1]] as [[Int32]] {
      #expect(throws: SeqError.self) { try NextWordExercise(words: words) }
    }
    var exercise = try NextWordExercise(words: [0, 1])
    exercise.epochs = 0
    #expect(throws: SeqError.self) { try exercise.run() }
    (exercise.epochs, exercise.hidden) = (1, 0)
    #expect(throws: SeqError.self) { try exercise.run() }
  }
}
