import Glibc
import Synchronization

/// What a piece of work leaves for any thread that is free.
final class LeftWork<Part>: @unchecked Sendable {
  // Written before `isOpen` is true, and emptied when the last part is done.
  private var parts: [Part] = []
  private var count = 0
  private let isOpen = Atomic(false)
  private let begun = Atomic(0)
  private let done = Atomic(0)

  /// Says what is left, once.
  func open(_ parts: [Part]) {
    self.parts = parts
    count = parts.count
    isOpen.store(true, ordering: .releasing)
  }

  /// Waits until that is known, then does all parts that no other thread has begun.
  func run(_ body: (Part) -> Void) {
    let isKnown = { self.isOpen.load(ordering: .acquiring) }
    if !HelperThread.stayAwake(until: isKnown) {
      while !isKnown() { usleep(200) }
    }
    while true {
      let part = begun.add(1, ordering: .relaxed).oldValue
      guard part < count else { return }
      body(parts[part])
      // Parts hold memory that the next piece can use.
      if done.add(1, ordering: .acquiringAndReleasing).newValue == count { parts = [] }
    }
  }
}
