import Glibc

/// Reads a whole file into memory of our own: a mapped file could be cut short under our feet.
public enum FileBytes {
  /// The largest file that is read at once.
  public static let maximumSize = 1 << 32

  /// All bytes of a file.
  /// - Throws: `PipelineError.cannotOpen`, `.cannotRead`.
  public static func read(_ path: String, maximumSize: Int = maximumSize) throws -> [UInt8] {
    let descriptor = retryingInterrupted { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw PipelineError.cannotOpen(file: path, code: errno) }
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw PipelineError.cannotRead(file: path, code: errno)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw PipelineError.cannotOpen(file: path, code: EISDIR)
    }
    var queue = ByteQueue()
    // One byte more than expected: the end of the file is then seen without another round.
    var step = min(max(Int(status.st_size) + 1, 4096), 64 << 20)
    while true {
      let count = try queue.append(limit: step) { room in
        let count = retryingInterrupted { Glibc.read(descriptor, room.baseAddress, room.count) }
        guard count >= 0 else { throw PipelineError.cannotRead(file: path, code: errno) }
        return count
      }
      if count == 0 { return queue.takeAll() }
      guard queue.count <= maximumSize else {
        throw PipelineError.cannotRead(file: path, code: EFBIG)
      }
      step = max(min(step - count, 64 << 20), 4096)
    }
  }
}
