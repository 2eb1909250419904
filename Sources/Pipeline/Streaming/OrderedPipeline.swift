/// Runs a pure function over a stream on several threads, and keeps the order.
///
/// The calling thread takes inputs from `next`; each worker runs on a thread of its own; whichever
/// thread finishes the output that is due hands it to `emit`, one at a time and in order. At most
/// `limit` inputs are under way, so memory stays bounded on an endless stream. The first error *in
/// order* wins, and everything before it has been emitted: what is emitted never depends on the
/// number of threads. One thread means none but the caller's.
public struct OrderedPipeline: Sendable {
  public let threads: Int
  /// How many inputs may be under way at once.
  public let limit: Int

  /// - Parameter threads: how many run workers; less than 1 counts as 1.
  public init(threads: Int) {
    self.threads = max(1, threads)
    limit = self.threads * 2 + 1
  }

  /// Reads, works and writes until the reader is at its end, then flushes.
  ///
  /// - Parameters:
  ///   - flushesEachChunk: whether each chunk's output is handed to the system at once, which
  ///     belongs with a reader that has a latency.
  ///   - makeWorker: makes one worker per thread, on the calling thread.
  /// - Throws: the first error in order: the reader's, a worker's or the writer's.
  public func run(
    _ reader: RecordReader, to writer: RecordWriter, flushesEachChunk: Bool = false,
    makeWorker: () throws -> (RecordChunk) throws -> [UInt8]
  ) throws {
    try run(
      next: reader.nextBlock, to: writer, flushesEachChunk: flushesEachChunk,
      makeWorker: { Self.cutting(try makeWorker()) })
  }

  /// Reads and works until the reader is at its end, and hands on what the workers give.
  public func run<Output: Sendable>(
    _ reader: RecordReader, makeWorker: () throws -> (RecordChunk) throws -> Output,
    emit: @escaping (Output) throws -> Void
  ) throws {
    try run(
      next: reader.nextBlock, makeWorker: { Self.cutting(try makeWorker()) }, emit: emit)
  }

  /// A worker that cuts its records itself, so that the thread that reads does no more than that.
  private static func cutting<Output>(
    _ worker: @escaping (RecordChunk) throws -> Output
  ) -> (RecordBlock) throws -> Output {
    { try worker($0.records()) }
  }

  /// The same for any source of inputs: reads, works and writes until the source is at its end.
  public func run<Input: Sendable>(
    next: () throws -> Input?, to writer: RecordWriter, flushesEachChunk: Bool = false,
    makeWorker: () throws -> (Input) throws -> [UInt8]
  ) throws {
    do {
      try run(next: next, makeWorker: makeWorker) { bytes in
        try writer.write(bytes)
        if flushesEachChunk { try writer.flush() }
      }
    } catch {
      if (error as? PipelineError)?.category != .outputClosed { try writer.flush() }
      throw error
    }
    try writer.flush()
  }

  /// The same for any values.
  public func run<Input: Sendable, Output: Sendable>(
    next: () throws -> Input?,
    makeWorker: () throws -> (Input) throws -> Output,
    emit: @escaping (Output) throws -> Void
  ) throws {
    guard threads > 1 else {
      let worker = try makeWorker()
      while let input = try next() { try emit(try worker(input)) }
      return
    }
    let line = AssemblyLine<Input, Output>(limit: limit, emit: emit)
    var crew: [WorkerThread] = []
    defer {
      line.close()
      for thread in crew { thread.join() }
    }
    var inputError: (any Error)?
    do {
      while line.waitForRoom(), let input = try next() {
        // Threads are started as the work asks for them: one chunk needs one.
        if line.submit(input), crew.count < threads {
          let worker = UncheckedBox(try makeWorker())
          crew.append(try WorkerThread { line.work(worker.value) })
        }
      }
    } catch {
      inputError = error
    }
    if crew.isEmpty, let inputError { throw inputError }
    if !crew.isEmpty { try line.drain() }
    if let inputError { throw inputError }
  }
}

/// Carries a value that only one thread at a time will touch.
struct UncheckedBox<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
