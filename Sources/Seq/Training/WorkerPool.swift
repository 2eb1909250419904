import Dispatch

/// Runs numbered pieces of work on a fixed number of threads. What a piece computes must depend on
/// its number alone, never on the thread or on the order.
package struct WorkerPool: Sendable {
  package let threads: Int

  package init(threads: Int) { self.threads = threads }

  /// Runs `body` for 0..<count and waits.
  package func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for i in 0..<count { body(i) }
      return
    }
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for i in stride(from: worker, to: count, by: workers) { body(i) }
    }
  }

  /// Numbers in a block whose sums are rounded as a whole: the same on every machine.
  static let blockSize = 1 << 18
  /// Numbers in a block where each is computed by itself: enough to pay for a thread.
  static let smallBlockSize = 1 << 15

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
