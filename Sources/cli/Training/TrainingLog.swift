import Glibc
import Pipeline

/// A file that gets a line of JSON for each event, at once, so that others can follow it.
final class TrainingLog {
  private let path: String
  private let descriptor: Int32

  /// Opens the file to add to its end.
  /// - Throws: `PipelineError.cannotCreate`.
  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw PipelineError.cannotCreate(file: path, code: errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func add(_ line: String) throws {
    var rest = Array(line.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw PipelineError.cannotWrite(file: path, operation: "write", code: errno)
      }
      rest = rest.dropFirst(count)
    }
  }
}
