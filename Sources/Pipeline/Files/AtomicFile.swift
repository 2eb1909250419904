import Glibc

/// Saves a file so that a crash, a full disk or a reader at any moment sees the old bytes or the
/// new ones, and nothing between.
///
/// The order: a temporary file of a random name in the same folder, room taken for all of it,
/// written, synchronised, read back and compared, closed, renamed over the target, and the folder
/// synchronised. Whatever fails before the rename, the temporary file is removed and the old one
/// is as it was. A failed synchronisation is never tried again: the system may have dropped the
/// bytes, and a second try would succeed without them.
public struct AtomicFile: Sendable {
  public let path: String
  private let calls: SystemCalls

  /// Saves `bytes` under `path`, readable by its owner alone unless `mode` says otherwise.
  /// - Throws: `PipelineError.cannotCreate`, `.notARegularFile`, `.cannotWrite`,
  ///   `.unfaithfulStorage`.
  public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws {
    try AtomicFile(path, calls: SystemCalls()).write(bytes, mode: mode)
  }

  /// Makes what was made, renamed or removed beside `path` last through a power cut.
  /// - Throws: `PipelineError.cannotWrite`.
  package static func synchroniseFolder(of path: String) throws {
    try AtomicFile(path, calls: SystemCalls()).synchroniseFolder()
  }

  package init(_ path: String, calls: SystemCalls) {
    self.path = path
    self.calls = calls
  }

  package func write(_ bytes: [UInt8], mode: UInt32 = 0o600) throws {
    try refuseSpecialFile()
    let temporary = "\(folder)/.\(name.prefix(64)).\(randomSuffix()).tmp"
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = retryingInterrupted { calls.open(temporary, flags, mode) }
    guard descriptor >= 0 else { throw PipelineError.cannotCreate(file: path, code: errno) }
    do {
      do {
        try fill(descriptor, with: bytes)
      } catch {
        _ = calls.close(descriptor)
        throw error
      }
      // EINTR from close leaves the descriptor closed: calling again could close another's.
      try check("close", calls.close(descriptor))
      try check("rename", calls.rename(temporary, path))
    } catch {
      _ = calls.unlink(temporary)
      throw error
    }
    try synchroniseFolder()
  }

  // MARK: - Steps

  private func fill(_ descriptor: Int32, with bytes: [UInt8]) throws {
    try allocate(descriptor, size: bytes.count)
    try bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let count = retryingInterrupted { calls.write(descriptor, rest) }
        guard count > 0 else { throw failure("write", count == 0 ? ENOSPC : errno) }
        done += count
      }
      try check("fsync", calls.synchronise(descriptor))
      try compare(descriptor, with: bytes)
    }
  }

  /// Takes the room now, so that a full disk is noticed before anything is written.
  private func allocate(_ descriptor: Int32, size: Int) throws {
    guard size > 0 else { return }
    var code = EINTR
    while code == EINTR { code = calls.allocate(descriptor, size) }
    // Some file systems cannot take room ahead; there the writes themselves will tell.
    guard code == 0 || code == EOPNOTSUPP || code == EINVAL else {
      throw failure("taking room for \(size) bytes", code)
    }
  }

  private func compare(_ descriptor: Int32, with bytes: UnsafeRawBufferPointer) throws {
    var block = [UInt8](repeating: 0, count: min(max(bytes.count, 1), 256 << 10))
    var done = 0
    while true {
      let count = block.withUnsafeMutableBytes { block in
        retryingInterrupted { calls.read(descriptor, block, done) }
      }
      guard count >= 0 else { throw failure("reading back", errno) }
      if count == 0 { break }
      guard count <= bytes.count - done, block[..<count].elementsEqual(bytes[done..<done + count])
      else { throw PipelineError.unfaithfulStorage(path) }
      done += count
    }
    guard done == bytes.count else { throw PipelineError.unfaithfulStorage(path) }
  }

  /// Makes the rename itself last through a power cut.
  private func synchroniseFolder() throws {
    let descriptor = retryingInterrupted {
      calls.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    }
    try check("opening the folder", descriptor)
    let result = calls.synchronise(descriptor)
    let code = errno
    _ = calls.close(descriptor)
    // A file system whose folders cannot be synchronised says EINVAL.
    guard result == 0 || code == EINVAL else { throw failure("fsync of the folder", code) }
  }

  // MARK: - Names and errors

  /// A rename would put a file in the place of a device or a pipe.
  private func refuseSpecialFile() throws {
    var status = stat()
    guard !path.isEmpty, !path.utf8.contains(0) else { throw PipelineError.notARegularFile(path) }
    guard lstat(path, &status) == 0 else { return }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG || kind == S_IFLNK else { throw PipelineError.notARegularFile(path) }
  }

  private var folder: String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private var name: Substring {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
    return path[path.index(after: slash)...]
  }

  private func randomSuffix() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36)
  }

  private func check(_ operation: String, _ result: Int32) throws {
    guard result >= 0 else { throw failure(operation, errno) }
  }

  private func failure(_ operation: String, _ code: Int32) -> PipelineError {
    .cannotWrite(file: path, operation: operation, code: code)
  }
}
