/// A moment after which nobody waits any longer, on a clock that nobody can set.
struct Deadline {
  private let moment: ContinuousClock.Instant
  let seconds: Double

  init(after seconds: Double) {
    self.seconds = seconds
    moment = ContinuousClock.now + .seconds(seconds)
  }

  /// Milliseconds for `poll`, rounded up; 0 once the moment has passed.
  var remaining: Int32 {
    let (seconds, attoseconds) = (moment - ContinuousClock.now).components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1
    return Int32(clamping: max(0, milliseconds - 1 < 0 ? 0 : milliseconds))
  }

  var hasPassed: Bool { ContinuousClock.now >= moment }

  func earlier(of other: Deadline?) -> Deadline {
    guard let other, other.moment < moment else { return self }
    return other
  }
}
