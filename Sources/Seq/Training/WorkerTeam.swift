import CKernels
import Dispatch
import Glibc
import Synchronization

/// Threads that stay awake for a moment after their work, because a training gives them more within
/// microseconds: sooner than the system could wake them.
///
/// One team serves the process, one caller at a time; a thread begins when it is first needed.
final class WorkerTeam: Sendable {
  static let shared = WorkerTeam()

  /// Of more threads than can run at once, some would wait for those that wait awake.
  private let maximum = Int(seq_available_cores())
  private let isTaken = Atomic(false)
  private let helpers = Mutex<[Helper]>([])

  /// Runs `body` for 0..<workers, for 0 on the caller's thread, and waits.
  ///
  /// - Returns: `false`, with nothing done, where the team is too small or works for somebody else.
  func run(_ workers: Int, _ body: @Sendable (Int) -> Void) -> Bool {
    guard workers <= maximum, !isTaken.exchange(true, ordering: .acquiring) else { return false }
    defer { isTaken.store(false, ordering: .releasing) }
    let helpers = helpers(workers - 1)
    guard helpers.count == workers - 1 else { return false }
    withoutActuallyEscaping(body) { body in
      for (i, helper) in helpers.enumerated() { helper.begin { body(i + 1) } }
      body(0)
      for helper in helpers { helper.finish() }
    }
    return true
  }

  /// The first `count` helpers, or fewer where the system gives no more threads.
  private func helpers(_ count: Int) -> ArraySlice<Helper> {
    helpers.withLock { helpers in
      while helpers.count < count {
        let helper = Helper()
        guard helper.start() else { break }
        helpers.append(helper)
      }
      return helpers.prefix(count)
    }
  }
}

/// A thread that does one piece of work after the other.
private final class Helper: @unchecked Sendable {
  private enum State: UInt8, AtomicRepresentable {
    /// The thread has no work, and waits for it awake or asleep.
    case idle, asleep
    /// It works, and who gave the work is awake or asleep.
    case working, awaited
  }

  /// How long either side waits awake, in nanoseconds: about half a step of a small network.
  private static let patience: UInt64 = 300_000

  private let state = Atomic(State.idle)
  /// Changed by the giver while the thread has no work.
  private var work: @Sendable () -> Void = {}
  private let newWork = DispatchSemaphore(value: 0)
  private let workDone = DispatchSemaphore(value: 0)

  /// Starts the thread; `false` where the system gives none.
  func start() -> Bool {
    var thread = pthread_t()
    let helper = Unmanaged.passRetained(self)
    let failure = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Helper>.fromOpaque(context).takeRetainedValue().serve() }
        return nil
      }, helper.toOpaque())
    guard failure == 0 else {
      helper.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Gives the thread work, after `finish` of what it had before.
  func begin(_ work: @escaping @Sendable () -> Void) {
    self.work = work
    if state.exchange(.working, ordering: .acquiringAndReleasing) == .asleep { newWork.signal() }
  }

  /// Waits until the work is done.
  func finish() {
    if !waitAwake(while: .working), change(.working, to: .awaited) { workDone.wait() }
    work = {}
  }

  private func serve() -> Never {
    // Signals are for the threads that are here without us.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    while true {
      if !waitAwake(while: .idle), change(.idle, to: .asleep) { newWork.wait() }
      perform()
      if state.exchange(.idle, ordering: .acquiringAndReleasing) == .awaited { workDone.signal() }
    }
  }

  /// Apart from `serve`, so that nothing of the work is held when its giver is told that it is done.
  @inline(never) private func perform() { work() }

  /// Whether the state was seen to change before patience was lost.
  private func waitAwake(while old: State) -> Bool {
    let limit = DispatchTime.now().uptimeNanoseconds + Self.patience
    repeat {
      for _ in 0..<64 {
        if state.load(ordering: .acquiring) != old { return true }
        seq_pause()
      }
    } while DispatchTime.now().uptimeNanoseconds < limit
    return false
  }

  private func change(_ old: State, to new: State) -> Bool {
    state.compareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing).exchanged
  }
}
