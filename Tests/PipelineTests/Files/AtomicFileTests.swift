import Glibc
import Pipeline
import Synchronization
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder
  private let new = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }

  init() throws { folder = try TemporaryFolder() }

  /// The names of all files in the folder.
  private func names() -> [String] {
    guard let directory = opendir(folder.path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  @Test func filesAreMadeAndReplaced() throws {
    try AtomicFile.write([1, 2], to: folder.file("f"))
    #expect(try folder.read("f") == [1, 2])
    try AtomicFile.write(new, to: folder.file("f"))
    #expect(try folder.read("f") == new)
    try AtomicFile.write([], to: folder.file("f"))
    #expect(try folder.read("f") == [])
    #expect(names() == ["f"])
    var status = stat()
    #expect(stat(folder.file("f"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func aLinkIsReplacedAndNotFollowed() throws {
    try folder.write("target", "old")
    #expect(symlink(folder.file("target"), folder.file("link")) == 0)
    try AtomicFile.write(new, to: folder.file("link"))
    #expect(try folder.read("target") == Array("old".utf8))
    #expect(try folder.read("link") == new)
  }

  @Test func specialFilesAndFoldersAreRefused() throws {
    for path in ["/dev/null", folder.path, folder.path + "/", "", "/", "a\0b"] {
      #expect(throws: PipelineError.notARegularFile(path)) { try AtomicFile.write(new, to: path) }
    }
    let missing = folder.file("no/such/f")
    #expect(throws: PipelineError.cannotCreate(file: missing, code: ENOENT)) {
      try AtomicFile.write(new, to: missing)
    }
  }

  // MARK: - Injected failures

  private enum Fault: Hashable, CaseIterable, CustomTestStringConvertible {
    case open, allocate, write, fsync, read, close, rename
    var testDescription: String { "\(self)" }
  }

  /// The real calls, of which the one of that kind fails with that errno.
  private func calls(failing fault: Fault, with code: Int32, count: Counter) -> SystemCalls {
    var calls = SystemCalls()
    let real = SystemCalls()
    let fail: @Sendable () -> Int32 = {
      count.increment()
      errno = code
      return -1
    }
    switch fault {
    case .open: calls.open = { _, _, _ in fail() }
    case .allocate: calls.allocate = { _, _ in fail() < 0 ? code : 0 }
    case .write: calls.write = { _, _ in Int(fail()) }
    case .fsync: calls.synchronise = { _ in fail() }
    case .read: calls.read = { _, _, _ in Int(fail()) }
    case .close:
      calls.close = { descriptor in
        _ = real.close(descriptor)
        return fail()
      }
    case .rename: calls.rename = { _, _ in fail() }
    }
    return calls
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
  }

  @Test(arguments: Fault.allCases, [ENOSPC, EIO, EDQUOT, EMFILE])
  private func everyFailureLeavesTheOldFile(fault: Fault, code: Int32) throws {
    try folder.write("f", "old")
    let count = Counter()
    let file = AtomicFile(folder.file("f"), calls: calls(failing: fault, with: code, count: count))
    let error = #expect(throws: PipelineError.self) { try file.write(new) }
    switch error {
    case .cannotCreate(folder.file("f"), code): #expect(fault == .open)
    case .cannotWrite(folder.file("f"), _, code): #expect(fault != .open)
    default: Issue.record("\(String(describing: error))")
    }
    #expect(try folder.read("f") == Array("old".utf8))
    #expect(names() == ["f"])
    // Above all, a failed fsync is not tried again.
    #expect(count.value == 1)
  }

  @Test func interruptedAndShortCallsAreContinued() throws {
    var calls = SystemCalls()
    let real = SystemCalls()
    let turn = Counter()
    calls.write = { descriptor, bytes in
      turn.increment()
      if turn.value % 2 == 1 {
        errno = EINTR
        return -1
      }
      return real.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(7)))
    }
    calls.read = { descriptor, bytes, offset in
      real.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(11)), offset)
    }
    try AtomicFile(folder.file("f"), calls: calls).write(new)
    #expect(try folder.read("f") == new)
  }

  @Test func fileSystemsWithoutPreallocationWork() throws {
    var calls = SystemCalls()
    calls.allocate = { _, _ in EOPNOTSUPP }
    try AtomicFile(folder.file("f"), calls: calls).write(new)
    #expect(try folder.read("f") == new)
  }

  @Test func aDiskThatLiesIsNoticed() throws {
    try folder.write("f", "old")
    var calls = SystemCalls()
    let real = SystemCalls()
    calls.write = { descriptor, bytes in
      var changed = Array(bytes)
      changed[0] ^= 1
      return changed.withUnsafeBytes { real.write(descriptor, $0) }
    }
    let lying = AtomicFile(folder.file("f"), calls: calls)
    #expect(throws: PipelineError.unfaithfulStorage(folder.file("f"))) { try lying.write(new) }
    #expect(try folder.read("f") == Array("old".utf8))
    #expect(names() == ["f"])
  }

  @Test func aFolderThatCannotBeSynchronisedIsTold() throws {
    var calls = SystemCalls()
    let real = SystemCalls()
    let turn = Counter()
    calls.synchronise = { descriptor in
      turn.increment()
      guard turn.value == 2 else { return real.synchronise(descriptor) }
      errno = EIO
      return -1
    }
    let error = #expect(throws: PipelineError.self) {
      try AtomicFile(folder.file("f"), calls: calls).write(new)
    }
    #expect(
      error == .cannotWrite(file: folder.file("f"), operation: "fsync of the folder", code: EIO))
    #expect(try folder.read("f") == new)
  }
}
