import Glibc
import Pipeline
import Synchronization
import TestSupport
import Testing

@Suite struct OrderedPipelineTests {
  private struct Failure: Error, Equatable { var number: Int }

  /// What a run emitted, and the error that ended it.
  private func run(
    threads: Int, count: Int, inputFailure: Int? = nil, emitFailure: Int? = nil,
    worker: @escaping @Sendable (Int) throws -> Int
  ) -> (emitted: [Int], error: Failure?) {
    var next = 0
    let emitted = Mutex<[Int]>([])
    var failure: Failure?
    do {
      try OrderedPipeline(threads: threads).run(
        next: { () throws -> Int? in
          if next == inputFailure { throw Failure(number: next) }
          guard next < count else { return nil }
          next += 1
          return next - 1
        }, makeWorker: { worker },
        emit: { value in
          if value == emitFailure { throw Failure(number: value) }
          emitted.withLock { $0.append(value) }
        })
    } catch {
      failure = error as? Failure
    }
    return (emitted.withLock { $0 }, failure)
  }

  /// Delays that change from run to run: the order must not.
  @Sendable private static func slow(_ value: Int) -> Int {
    usleep(UInt32.random(in: 0..<400))
    return value
  }

  @Test(arguments: [1, 2, 3, 8])
  func orderIsKept(threads: Int) {
    let result = run(threads: threads, count: 300, worker: Self.slow)
    #expect(result.emitted == Array(0..<300))
    #expect(result.error == nil)
  }

  @Test(arguments: [1, 2, 4], [0, 1, 2])
  func shortStreamsEnd(threads: Int, count: Int) {
    #expect(run(threads: threads, count: count, worker: Self.slow).emitted == Array(0..<count))
  }

  @Test(arguments: [1, 2, 5])
  func theFirstErrorInOrderWins(threads: Int) {
    for _ in 0..<10 {
      let result = run(threads: threads, count: 100) { value in
        // The later failure is quick, the earlier one slow.
        if value == 40 { usleep(2000) }
        if value == 40 || value == 42 { throw Failure(number: value) }
        return Self.slow(value)
      }
      #expect(result.emitted == Array(0..<40))
      #expect(result.error == Failure(number: 40))
    }
  }

  @Test(arguments: [1, 2, 5], [0, 1, 30])
  func errorsOfTheInputComeAfterWhatIsBefore(threads: Int, at: Int) {
    let result = run(threads: threads, count: 100, inputFailure: at, worker: Self.slow)
    #expect(result.emitted == Array(0..<at))
    #expect(result.error == Failure(number: at))
  }

  @Test(arguments: [1, 2, 5])
  func errorsOfTheOutputEndTheRun(threads: Int) {
    let result = run(threads: threads, count: 1_000_000, emitFailure: 50, worker: Self.slow)
    #expect(result.emitted == Array(0..<50))
    #expect(result.error == Failure(number: 50))
  }

  @Test(arguments: [1, 2, 4])
  func workersThatCannotBeMadeEndTheRun(threads: Int) {
    #expect(throws: Failure(number: -1)) {
      try OrderedPipeline(threads: threads).run(
        next: { 1 }, makeWorker: { () throws -> (Int) throws -> Int in throw Failure(number: -1) },
        emit: { _ in })
    }
  }

  /// However slow the output is, only so many inputs are taken.
  @Test(arguments: [1, 2, 4])
  func aBoundedNumberIsUnderWay(threads: Int) throws {
    let pipeline = OrderedPipeline(threads: threads)
    let emitted = Atomic(0)
    var taken = 0
    var most = 0
    try pipeline.run(
      next: { () -> Int? in
        guard taken < 200 else { return nil }
        taken += 1
        most = max(most, taken - emitted.load(ordering: .sequentiallyConsistent))
        return taken
      }, makeWorker: { { $0 } },
      emit: { (_: Int) in
        usleep(200)
        emitted.add(1, ordering: .sequentiallyConsistent)
      })
    #expect(taken == 200)
    #expect(most <= pipeline.limit + 1)
  }

  @Test func filesGoThroughOnAnyNumberOfThreads() throws {
    let folder = try TemporaryFolder()
    let text = (0..<5000).map { "record \($0)\n" }.joined()
    let path = try folder.write("in", text)
    for threads in [1, 2, 3] {
      let output = open(folder.file("out"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      try #require(output >= 0)
      var options = RecordOptions()
      options.chunkBytes = 100
      try OrderedPipeline(threads: threads).run(
        RecordReader(files: [path], options: options), to: RecordWriter(descriptor: output)
      ) {
        { chunk in (0..<chunk.count).flatMap { Array(chunk.raw[$0]) + [0x0A] } }
      }
      close(output)
      #expect(try folder.read("out") == Array(text.utf8))
    }
  }

  @Test func whatIsBeforeAFaultIsWritten() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("in", Array("a\nb\n".utf8) + [0xFF, 0x0A])
    for threads in [1, 2] {
      let output = open(folder.file("out"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      try #require(output >= 0)
      var options = RecordOptions()
      options.invalid = .error
      #expect(throws: PipelineError.malformedText(file: path, line: 3, offset: 1)) {
        try OrderedPipeline(threads: threads).run(
          RecordReader(files: [path], options: options), to: RecordWriter(descriptor: output)
        ) { { $0.raw.bytes } }
      }
      close(output)
      #expect(try folder.read("out") == Array("ab".utf8))
    }
  }
}
