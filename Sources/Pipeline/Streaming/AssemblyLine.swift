/// The shared part of an `OrderedPipeline`: inputs that wait, outputs that wait for their turn.
final class AssemblyLine<Input: Sendable, Output: Sendable>: Sendable {
  private struct State {
    var waiting: [(index: Int, input: Input)] = []
    var finished: [Int: Result<Output, any Error>] = [:]
    var submitted = 0
    var emitted = 0
    var idle = 0
    var isEmitting = false
    var isClosed = false
    var failure: (any Error)?

    var underWay: Int { submitted - emitted }
  }

  private let limit: Int
  private let state = Monitor(State())
  private let emit: UncheckedBox<(Output) throws -> Void>

  init(limit: Int, emit: @escaping (Output) throws -> Void) {
    self.limit = limit
    self.emit = UncheckedBox(emit)
  }

  /// Waits until one more input may be under way.
  /// - Returns: `false` once something failed.
  func waitForRoom() -> Bool {
    state.wait { state in
      if state.failure != nil { return false }
      return state.underWay < limit ? true : nil
    }
  }

  /// Adds an input.
  /// - Returns: whether no idle worker is there to take it.
  func submit(_ input: Input) -> Bool {
    state.update { state in
      state.waiting.append((state.submitted, input))
      state.submitted += 1
      return state.waiting.count > state.idle
    }
  }

  /// The life of a worker: until the line is closed or something failed.
  func work(_ worker: (Input) throws -> Output) {
    while let (index, input) = take() {
      let result = Result { try worker(input) }
      let emits = state.update { state in
        state.finished[index] = result
        defer { state.isEmitting = true }
        return !state.isEmitting
      }
      if emits { emitWhatIsDue() }
    }
  }

  /// Waits until every input that was submitted has been emitted.
  /// - Throws: the first error in order.
  func drain() throws {
    let failure: (any Error)? = state.wait { state in
      if let failure = state.failure { return .some(failure) }
      return state.underWay == 0 ? .some(nil) : nil
    }
    if let failure { throw failure }
  }

  /// Sends the workers home; inputs that nobody has taken are dropped.
  func close() { state.update { $0.isClosed = true } }

  private func take() -> (index: Int, input: Input)? {
    state.update { $0.idle += 1 }
    let job: (index: Int, input: Input)?? = state.wait { state in
      if state.isClosed || state.failure != nil { return .some(nil) }
      guard !state.waiting.isEmpty else { return nil }
      state.idle -= 1
      return state.waiting.removeFirst()
    }
    return job ?? nil
  }

  /// Emits outputs in order until one is due that is not finished. Only one thread at a time is
  /// here, and it does not hold the lock while it writes.
  private func emitWhatIsDue() {
    while let result = nextDue() {
      do {
        try emit.value(try result.get())
        state.update { $0.emitted += 1 }
      } catch {
        state.update { $0.failure = error }
      }
    }
  }

  private func nextDue() -> Result<Output, any Error>? {
    state.update { state in
      guard state.failure == nil, let result = state.finished.removeValue(forKey: state.emitted)
      else {
        state.isEmitting = false
        return nil
      }
      return result
    }
  }
}
