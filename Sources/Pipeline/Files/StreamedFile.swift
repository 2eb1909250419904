import Glibc

/// A file that is written piece by piece and appears under its name only when it is complete: until
/// `commit()` it stands under a random name in the same folder, and without it nothing remains.
public final class StreamedFile {
  public let path: String
  /// To write to, and to seek in; closed by `commit()` and at the end.
  public private(set) var descriptor: Int32
  private let temporary: String
  private let folder: String

  /// - Throws: `PipelineError.cannotCreate`, `.notARegularFile`.
  public init(_ path: String, mode: UInt32 = 0o666) throws {
    var status = stat()
    guard !path.isEmpty, !path.utf8.contains(0) else { throw PipelineError.notARegularFile(path) }
    if lstat(path, &status) == 0 {
      let kind = status.st_mode & S_IFMT
      guard kind == S_IFREG || kind == S_IFLNK else { throw PipelineError.notARegularFile(path) }
    }
    self.path = path
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    temporary = "\(folder)/.\(name.prefix(64)).\(suffix).tmp"
    let temporary = temporary
    descriptor = retryingInterrupted {
      open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    }
    guard descriptor >= 0 else { throw PipelineError.cannotCreate(file: path, code: errno) }
  }

  /// Synchronises the file, gives it its name, and synchronises the folder.
  /// - Throws: `PipelineError.cannotWrite`; what stood under the name before is then unchanged.
  public func commit() throws {
    guard descriptor >= 0 else { return }
    // A failed synchronisation is never tried again: the system may have dropped the bytes.
    try check("fsync", fsync(descriptor))
    let closed = close(descriptor)
    descriptor = -1
    try check("close", closed)
    try check("rename", rename(temporary, path))
    let opened = retryingInterrupted { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    try check("opening the folder", opened)
    let result = fsync(opened)
    let code = errno
    _ = close(opened)
    // A file system whose folders cannot be synchronised says EINVAL.
    guard result == 0 || code == EINVAL else {
      throw PipelineError.cannotWrite(file: path, operation: "fsync of the folder", code: code)
    }
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
    // After a commit there is no such name.
    _ = unlink(temporary)
  }

  private func check(_ operation: String, _ result: Int32) throws {
    guard result >= 0 else {
      throw PipelineError.cannotWrite(file: path, operation: operation, code: errno)
    }
  }
}
