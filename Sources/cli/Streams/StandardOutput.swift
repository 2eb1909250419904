import Glibc

/// Whole texts to stdout, by `write(2)`, so that a full disk or a closed pipe is noticed.
enum StandardOutput {
  /// - Throws: `CLIError.outputClosed` or `.outputFailed`.
  static func write(_ text: String) throws {
    try write(Array(text.utf8))
  }

  /// - Throws: `CLIError.outputClosed` or `.outputFailed`.
  static func write(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        sent += count
      } else if errno == EPIPE {
        throw CLIError.outputClosed
      } else if errno == EAGAIN {
        waitForRoom()
      } else if errno != EINTR {
        throw CLIError.outputFailed(String(cString: strerror(errno)))
      }
    }
  }

  /// Another process may have made stdout non-blocking.
  private static func waitForRoom() {
    var request = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }
}
