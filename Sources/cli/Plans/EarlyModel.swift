import Pipeline

/// The built-in model, read on a thread of its own while the command line is parsed: each takes about half of
/// what `classify` needs before its first record.
///
/// Only the main thread calls this.
final class EarlyModel: @unchecked Sendable {
  static let shared = EarlyModel()

  private var thread: WorkerThread?
  private var result: Result<LoadedModel, any Error>?

  /// Begins to read where the words will need the model.
  func begin(_ words: [String]) {
    guard words.first == "classify",
      !words.contains(where: { $0.hasPrefix("-m") || $0.hasPrefix("--model") })
    else { return }
    // Without a thread the model is read when it is asked for.
    thread = try? WorkerThread { self.result = Result { try BuiltIn.model() } }
  }

  /// What was read, or is about to be; `nil` where nothing was begun.
  func take() throws -> LoadedModel? {
    finish()
    defer { result = nil }
    return try result?.get()
  }

  /// Waits for the thread, which must not outlive the process's end.
  func finish() {
    thread?.join()
    thread = nil
  }
}
