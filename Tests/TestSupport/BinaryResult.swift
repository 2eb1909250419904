/// What one run of the real binary gave.
public struct BinaryResult: Sendable, Hashable {
  /// How a process ended.
  public enum End: Sendable, Hashable {
    case code(Int32)
    case signal(Int32)
    /// Killed by the runner, because it did not end in time.
    case timeLimit
  }

  public var stdout: [UInt8]
  public var stderr: [UInt8]
  public var end: End

  /// The exit code; -1 after a signal or where the time limit struck.
  public var code: Int {
    if case .code(let code) = end { Int(code) } else { -1 }
  }

  public var output: String { String(decoding: stdout, as: UTF8.self) }
  public var errors: String { String(decoding: stderr, as: UTF8.self) }

  /// The lines of stdout, cut at LF alone, without the line ends.
  public var lines: [[UInt8]] {
    var lines = stdout.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    if lines.last == [] { lines.removeLast() }
    return lines
  }
}
