import Glibc

/// Lines for a person, to stderr. Nothing can be done where this fails, so nothing is.
enum StandardError {
  /// Whether a person watches.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes `seqtool: message` and a line end.
  static func note(_ message: String) {
    write("seqtool: \(message)\n")
  }

  /// Writes text as it is.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
