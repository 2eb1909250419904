import Glibc

/// The bytes of several files, one file after the other, by raw system calls.
final class InputFiles {
  private enum Pending {
    case path(String)
    case descriptor(Int32, name: String)
    case shard(FileShard)
  }

  private var pending: ArraySlice<Pending>
  private var descriptor: Int32 = -1
  private var ownsDescriptor = false
  /// How many bytes of a shard are left; `nil` for a whole file.
  private var remaining: Int?
  private(set) var name = ""

  init(paths: [String]) {
    pending = (paths.isEmpty ? ["-"] : paths).map { .path($0) }[...]
  }

  init(descriptor: Int32, name: String) {
    pending = [.descriptor(descriptor, name: name)]
  }

  init(shard: FileShard) {
    pending = [.shard(shard)]
  }

  deinit { close() }

  /// Goes to the next file.
  /// - Returns: whether there is one.
  func advance() throws -> Bool {
    close()
    guard let next = pending.popFirst() else { return false }
    remaining = nil
    switch next {
    case .descriptor(let given, let name): use(given, name: name, owned: false)
    case .path("-"): use(STDIN_FILENO, name: "-", owned: false)
    case .path(let path): try open(path)
    case .shard(let shard):
      try open(shard.path)
      remaining = shard.range.count
      guard lseek(descriptor, shard.range.lowerBound, SEEK_SET) >= 0 else {
        throw PipelineError.cannotRead(file: shard.path, code: errno)
      }
    }
    return true
  }

  private func open(_ path: String) throws {
    let opened = retryingInterrupted { Glibc.open(path, O_RDONLY | O_CLOEXEC) }
    guard opened >= 0 else { throw PipelineError.cannotOpen(file: path, code: errno) }
    use(opened, name: path, owned: true)
  }

  /// Reads what is there, at most the buffer's size; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let limit = min(buffer.count, remaining ?? buffer.count)
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, limit)
      if count >= 0 {
        remaining = remaining.map { $0 - count }
        return count
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: _ = waitForInput(milliseconds: -1)
      case EISDIR: throw PipelineError.cannotOpen(file: name, code: EISDIR)
      default: throw PipelineError.cannotRead(file: name, code: errno)
      }
    }
  }

  /// Whether a read would not block, within that time; -1 waits for ever.
  func waitForInput(milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) != 0
  }

  private func use(_ descriptor: Int32, name: String, owned: Bool) {
    self.descriptor = descriptor
    self.name = name
    ownsDescriptor = owned
  }

  private func close() {
    if ownsDescriptor { _ = Glibc.close(descriptor) }
    ownsDescriptor = false
  }
}

/// Repeats a system call that a signal interrupted.
func retryingInterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
