import CFuzz
import Glibc

/// A file in memory, for readers that take a descriptor or a path.
final class MemoryFile {
  let descriptor: CInt
  /// Opening it begins at the first byte.
  var path: String { "/proc/self/fd/\(descriptor)" }

  init() {
    descriptor = fuzz_memory_file()
    guard descriptor >= 0 else { fail("no file in memory") }
  }

  deinit { close(descriptor) }

  func write(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    guard ftruncate(descriptor, 0) == 0,
      bytes.isEmpty || pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    else { fail("a file in memory cannot be written") }
    rewind()
  }

  func rewind() { lseek(descriptor, 0, SEEK_SET) }
}
