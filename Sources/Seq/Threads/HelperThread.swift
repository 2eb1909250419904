import CKernels
import Dispatch
import Glibc
import Pipeline
import Synchronization

/// A thread that runs one job after the other. Between two jobs it stays awake for a moment: a training
/// step has several parts of some ten microseconds, less than waking a thread takes.
final class HelperThread: @unchecked Sendable {
  /// Who may touch `job`: the caller in `idle`, `asleep` and `posted`, the thread in `running` and `awaited`.
  private enum Phase: Int, AtomicRepresentable {
    case idle, asleep, posted, running, awaited
  }

  private let phase = Atomic(Phase.idle)
  private var job: Job?
  private let wakeUp = DispatchSemaphore(value: 0)
  private let isDone = DispatchSemaphore(value: 0)

  /// - Throws: `PipelineError.cannotStartThread`.
  init() throws { _ = try WorkerThread { self.runForEver() } }

  /// What a thread can be asked to do.
  enum Job {
    case closure(() -> Void)
    /// A function of C: no count of references, which would be a cache line that both threads write to.
    case function(@convention(c) (UnsafeMutableRawPointer?) -> Void, UnsafeMutableRawPointer)

    func run() {
      switch self {
      case .closure(let body): body()
      case .function(let body, let argument): body(argument)
      }
    }
  }

  /// Begins `job`, which must be finished before the next begins.
  func begin(_ job: Job) {
    self.job = job
    if phase.exchange(.posted, ordering: .acquiringAndReleasing) == .asleep { wakeUp.signal() }
  }

  /// Waits for the job, or takes it back where the thread has not begun.
  func finish() {
    if move(from: .posted, to: .idle) {
      job = nil
      return
    }
    if Self.stayAwake(until: { phase.load(ordering: .acquiring) == .idle }) { return }
    if move(from: .running, to: .awaited) { isDone.wait() }
  }

  private func runForEver() {
    while true {
      if !Self.stayAwake(until: { phase.load(ordering: .relaxed) == .posted }),
        move(from: .idle, to: .asleep)
      {
        wakeUp.wait()
      }
      guard move(from: .posted, to: .running) else { continue }
      job?.run()
      job = nil
      if phase.exchange(.idle, ordering: .acquiringAndReleasing) == .awaited { isDone.signal() }
    }
  }

  private func move(from old: Phase, to new: Phase) -> Bool {
    guard phase.load(ordering: .relaxed) == old else { return false }
    return phase.compareExchange(
      expected: old, desired: new, ordering: .acquiringAndReleasing
    ).exchanged
  }

  /// Looks for half a millisecond at most and yields every few microseconds; whether `condition` came true.
  static func stayAwake(until condition: () -> Bool) -> Bool {
    var start: UInt64?
    while true {
      for _ in 0..<64 {
        if condition() { return true }
        seq_pause()
      }
      sched_yield()
      let now = DispatchTime.now().uptimeNanoseconds
      if now - (start ?? now) > 500_000 { return condition() }
      start = start ?? now
    }
  }
}

// MARK: - Those that have nothing to do

extension HelperThread {
  private static let free = Monitor<[HelperThread]>([])

  /// Lends threads to `body`, which leaves them without a job; fewer where no more can be started.
  static func withThreads(_ count: Int, _ body: ([HelperThread]) -> Void) {
    var helpers = free.update { free in
      // Mostly all of them, which copies nothing.
      if free.count <= count { return free.take() }
      let taken = Array(free.suffix(count))
      free.removeLast(count)
      return taken
    }
    while helpers.count < count, let helper = try? HelperThread() { helpers.append(helper) }
    body(helpers)
    free.update { free in
      if free.isEmpty { free = helpers } else { free.append(contentsOf: helpers) }
    }
  }
}

extension Array {
  /// All elements; none are left.
  fileprivate mutating func take() -> Array {
    defer { self = [] }
    return self
  }
}
