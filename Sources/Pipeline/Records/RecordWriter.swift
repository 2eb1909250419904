import Glibc

/// Buffered output by raw system calls. The program must ignore SIGPIPE, so that a reader that
/// went away is seen as an error and not as the end of the process.
public final class RecordWriter {
  private let descriptor: Int32
  private let capacity: Int
  private let file: String?
  private var buffer: [UInt8] = []

  /// Writes to an open descriptor, which the caller closes; standard output unless said otherwise.
  /// - Parameter file: what errors name; standard output where there is none.
  public init(descriptor: Int32 = 1, capacity: Int = 64 << 10, file: String? = nil) {
    self.descriptor = descriptor
    self.capacity = capacity
    self.file = file
  }

  /// Adds bytes; they reach the system when the buffer is full, or at `flush()`.
  /// - Throws: `PipelineError.outputClosed` where nobody reads any more, else `.outputFailed`, or
  ///   `.cannotWrite` where there is a file.
  public func write(_ bytes: [UInt8]) throws {
    if buffer.count + bytes.count >= capacity {
      try flush()
      if bytes.count >= capacity { return try writeAll(bytes) }
    }
    buffer += bytes
  }

  /// Hands all bytes to the system. Must be called at the end.
  public func flush() throws {
    defer { buffer.removeAll(keepingCapacity: true) }
    try writeAll(buffer)
  }

  private func writeAll(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count >= 0 {
          done += count
          continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN: waitForRoom()
        case EPIPE: throw PipelineError.outputClosed
        default: throw failure(errno)
        }
      }
    }
  }

  private func failure(_ code: Int32) -> PipelineError {
    file.map { .cannotWrite(file: $0, operation: "write", code: code) } ?? .outputFailed(code: code)
  }

  /// Another process may have made the descriptor non-blocking.
  private func waitForRoom() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }
}
