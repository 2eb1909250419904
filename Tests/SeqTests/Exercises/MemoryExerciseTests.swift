import Seq
import Testing

@Suite struct MemoryExerciseTests {
  /// Two symbols of three kinds.
  private func small(_ cell: String, steps: Int = 1500) -> MemoryOptions {
    var options = MemoryOptions(cell: cell)
    (options.symbols, options.length, options.hidden) = (3, 2, 24)
    (options.batchSize, options.steps) = (16, steps)
    return options
  }

  @Test(arguments: ["lstm", "gru", "rnn-relu"])
  func remembersWhatItRead(cell: String) throws {
    let result = try MemoryExercise(small(cell)).run(sequences: 300)
    #expect(result.symbolAccuracy == 1)
    #expect(result.sequenceAccuracy == 1)
    #expect(result.sequences == 300)
  }

  /// One step is not enough: then it guesses, so the task gives nothing away.
  @Test func guessesWithoutTraining() throws {
    var options = small("gru", steps: 1)
    (options.symbols, options.length, options.curriculum) = (10, 5, false)
    let result = try MemoryExercise(options).run(sequences: 400)
    #expect(abs(result.symbolAccuracy - 0.1) < 0.05)
    #expect(result.sequenceAccuracy < 0.05)
    #expect(result.steps == 1)
  }

  @Test func threadsChangeNothing() throws {
    var options = small("lstm", steps: 260)
    options.batchSize = 70
    func run(threads: Int) throws -> ([MemoryExercise.Progress], MemoryExercise.Result) {
      var told: [MemoryExercise.Progress] = []
      let result = try MemoryExercise(options).run(sequences: 250, threads: threads) {
        told.append($0)
      }
      return (told, result)
    }
    let one = try run(threads: 1)
    let three = try run(threads: 3)
    #expect(one.0 == three.0 && one.1 == three.1)
    #expect(one.0.map(\.step) == [250, 260])
    options.seed = 2
    #expect(try run(threads: 1).0 != one.0)
  }

  @Test func theCurriculumReachesTheWholeLength() throws {
    var lengths: [Int] = []
    _ = try MemoryExercise(small("gru")).run { lengths.append($0.length) }
    #expect(lengths.last == 2 && lengths == lengths.sorted())
    var options = small("gru", steps: 2)
    options.curriculum = false
    _ = try MemoryExercise(options).run { #expect($0.length == 2) }
  }

  @Test func whatHasNoMeaningIsRefused() {
    for change in [
      { $0.cell = "lsmt" }, { $0.hidden = 0 }, { $0.symbols = 1 }, { $0.length = 0 },
      { $0.batchSize = 0 }, { $0.steps = 0 }, { $0.learningRate = -1 }, { $0.clipNorm = .nan },
    ] as [(inout MemoryOptions) -> Void] {
      var options = MemoryOptions()
      change(&options)
      #expect(throws: SeqError.self) { try MemoryExercise(options) }
    }
  }
}
