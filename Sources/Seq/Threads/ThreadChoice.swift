/// Whether small steps of a training run on all threads or on one, whichever is faster at the moment.
///
/// Such a step has parts of microseconds. What another thread gains by taking some of them depends on how far
/// apart the cores are: on one virtual machine a cache line went there and back in 0.1 µs for some minutes and in
/// 0.5 for others (`docs/performance.md`). So both ways are timed now and then. Threads change no bit.
package struct ThreadChoice: Sendable {
  private let all: WorkerPool
  /// Steps of a trial, of which the median counts, and steps between the trials.
  private let (trial, between): (Int, Int)
  /// The steps since a trial of all threads began: those of it, as many on one thread, then those between.
  private var steps = 0
  private var times: [Double] = []
  private var timeOfAll = 0.0
  private var lastEnd: Double?
  /// The threads of the next step.
  package private(set) var pool: WorkerPool

  package init(_ pool: WorkerPool, trial: Int = 16, between: Int = 512) {
    (all, self.pool, self.trial, self.between) = (pool, pool, trial, between)
  }

  /// - Parameter now: the end of the step, in seconds since some moment.
  package mutating func smallStepEnded(at now: Double) {
    defer { lastEnd = now }
    guard all.threads > 1, let lastEnd else { return }
    if steps < 2 * trial { times.append(now - lastEnd) }
    steps += 1
    if steps == trial {
      timeOfAll = takeMedian()
      pool = WorkerPool(threads: 1)
    } else if steps == 2 * trial {
      if timeOfAll <= takeMedian() { pool = all }
    } else if steps == 2 * trial + between {
      steps = 0
      pool = all
    }
  }

  /// A step of several shards has work for all threads.
  package mutating func largeStepEnded() {
    self = ThreadChoice(all, trial: trial, between: between)
  }

  private mutating func takeMedian() -> Double {
    defer { times.removeAll(keepingCapacity: true) }
    return times.sorted()[times.count / 2]
  }
}
