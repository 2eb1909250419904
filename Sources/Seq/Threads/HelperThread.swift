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
  private var job: (() -> Void)?
  private let wakeUp = DispatchSemaphore(value: 0)
  private let isDone = DispatchSemaphore(value: 0)

  /// - Throws: `PipelineError.cannotStartThread`.
  init() throws { _ = try WorkerThread { self.runForEver() } }

  /// Begins `job`, which must be finished before the next begins.
  func begin(_ job: @escaping () -> Void) {
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
      job?()
      job = nil
      if phase.exchange(.idle, ordering: .acquiringAndReleasing) == .awaited { isDone.signal() }
    }
  }

  private func move(from old: Phase, to new: Phase) -> Bool {
    phase.compareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing).exchanged
  }

  /// Yields to others for half a millisecond at most; whether `condition` came true.
  static func stayAwake(until condition: () -> Bool) -> Bool {
    let start = DispatchTime.now().uptimeNanoseconds
    repeat {
      for _ in 0..<8 {
        if condition() { return true }
        sched_yield()
      }
    } while DispatchTime.now().uptimeNanoseconds - start < 500_000
    return condition()
  }
}

// MARK: - Those that have nothing to do

extension HelperThread {
  private static let free = Monitor<[HelperThread]>([])

  /// Lends threads to `body`, which leaves them without a job; fewer where no more can be started.
  static func withThreads(_ count: Int, _ body: ([HelperThread]) -> Void) {
    var helpers = free.update { free in
      let taken = Array(free.suffix(count))
      free.removeLast(taken.count)
      return taken
    }
    while helpers.count < count, let helper = try? HelperThread() { helpers.append(helper) }
    body(helpers)
    free.update { $0.append(contentsOf: helpers) }
  }
}
