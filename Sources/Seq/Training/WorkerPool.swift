import Dispatch

/// Runs numbered pieces of work on a fixed number of threads. What a piece computes must depend on
/// its number alone, never on the thread or on the order.
struct WorkerPool: Sendable {
  let threads: Int

  /// Runs `body` for 0..<count and waits.
  func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for i in 0..<count { body(i) }
      return
    }
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for i in stride(from: worker, to: count, by: workers) { body(i) }
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
