import Glibc

/// The system calls of a save, as a table that a test can replace: each gives what the system
/// call gives, and sets `errno` like it.
package struct SystemCalls: Sendable {
  package var open: @Sendable (String, Int32, UInt32) -> Int32 = { Glibc.open($0, $1, $2) }
  package var allocate: @Sendable (Int32, Int) -> Int32 = { posix_fallocate($0, 0, $1) }
  package var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Int = {
    Glibc.write($0, $1.baseAddress, $1.count)
  }
  package var synchronise: @Sendable (Int32) -> Int32 = { fsync($0) }
  package var read: @Sendable (Int32, UnsafeMutableRawBufferPointer, Int) -> Int = {
    pread($0, $1.baseAddress, $1.count, $2)
  }
  package var close: @Sendable (Int32) -> Int32 = { Glibc.close($0) }
  package var rename: @Sendable (String, String) -> Int32 = { Glibc.rename($0, $1) }
  package var unlink: @Sendable (String) -> Int32 = { Glibc.unlink($0) }

  package init() {}
}
