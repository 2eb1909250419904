import Synchronization

/// Runs numbered pieces of work on a fixed number of threads. What a piece computes must depend on
/// its number alone, never on the thread or on the order.
package struct WorkerPool: Sendable {
  package let threads: Int

  package init(threads: Int) { self.threads = threads }

  /// Runs `body` for 0..<count and waits.
  package func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let threads = min(threads, count)
    let pieces = Pieces(count, threads: threads)
    onThreads(threads) { thread in
      while let piece = pieces.take(thread) { body(piece) }
    }
  }

  /// The same for pieces that leave work behind them, which any thread does that has no piece to begin: so a
  /// thread that is slow for a while does not hold up the others.
  ///
  /// - Parameters:
  ///   - body: runs a piece and returns what it leaves.
  ///   - rest: does a part of that; the parts of a piece may run at the same time.
  package func run<Rest: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> [Rest], rest: @Sendable (Rest) -> Void
  ) {
    if count == 1 {
      // Nobody has anything to do until its parts are known: they are pieces like others.
      let parts = body(0)
      return run(parts.count) { rest(parts[$0]) }
    }
    let threads = min(threads, count)
    let pieces = Pieces(count, threads: threads)
    let left = (0..<count).map { _ in LeftWork<Rest>() }
    onThreads(threads) { thread in
      while let piece = pieces.take(thread) {
        left[piece].open(body(piece))
        left[piece].run(rest)
      }
      for work in left { work.run(rest) }
    }
  }

  /// Runs `work` on this thread, which is number 0, and on others besides, fewer where this one is done before
  /// they begin.
  private func onThreads(_ count: Int, _ work: @Sendable (_ thread: Int) -> Void) {
    guard count > 1 else { return work(0) }
    withoutActuallyEscaping(work) { work in
      HelperThread.withThreads(count - 1) { helpers in
        for (i, helper) in helpers.enumerated() { helper.begin(.closure { work(i + 1) }) }
        work(0)
        for helper in helpers { helper.finish() }
      }
    }
  }

  /// Numbers in a block whose sums are rounded as a whole: the same on every machine.
  static let blockSize = 1 << 16
  /// Numbers in a block where each is computed by itself: enough to pay for a thread.
  static let smallBlockSize = 1 << 14

  /// Runs `body` for blocks of 0..<count and waits.
  ///
  /// - Parameter size: of a block.
  func runBlocks(_ count: Int, of size: Int = blockSize, _ body: (Range<Int>) -> Void) {
    guard count > size else { return count > 0 ? body(0..<count) : () }
    withoutActuallyEscaping(body) { body in
      // Blocks are disjoint, and this waits for all of them.
      nonisolated(unsafe) let body = body
      run((count + size - 1) / size) { body($0 * size..<min(count, ($0 + 1) * size)) }
    }
  }
}

/// The numbers of the pieces that nobody has begun. Each thread begins with a share of them, the same whenever as
/// many pieces run, for what they work on is in its caches; then it helps the others.
private final class Pieces: @unchecked Sendable {
  private let count: Int
  private let threads: Int
  /// Of each share, the piece that comes next.
  private let next: UnsafeMutablePointer<Atomic<Int>>

  init(_ count: Int, threads: Int) {
    (self.count, self.threads) = (count, threads)
    next = .allocate(capacity: threads)
    for share in 0..<threads { (next + share).initialize(to: Atomic(start(share))) }
  }

  deinit {
    next.deinitialize(count: threads)
    next.deallocate()
  }

  func take(_ thread: Int) -> Int? {
    for i in 0..<threads {
      let share = (thread + i) % threads
      let end = start(share + 1)
      guard next[share].load(ordering: .relaxed) < end else { continue }
      let piece = next[share].add(1, ordering: .relaxed).oldValue
      if piece < end { return piece }
    }
    return nil
  }

  private func start(_ share: Int) -> Int { count * share / threads }
}

/// One value per piece of work, each written by that piece alone.
final class Slots<Value>: @unchecked Sendable {
  private let pointer: UnsafeMutablePointer<Value>
  let count: Int

  init(_ count: Int, _ make: (Int) -> Value) {
    self.count = count
    pointer = .allocate(capacity: count)
    for i in 0..<count { (pointer + i).initialize(to: make(i)) }
  }

  subscript(_ i: Int) -> Value {
    _read { yield pointer[i] }
    _modify { yield &pointer[i] }
  }

  deinit {
    pointer.deinitialize(count: count)
    pointer.deallocate()
  }
}
