import Glibc
import Pipeline

/// Sorted runs of counts on disk, in files that have no name any more: whatever ends the process,
/// the system takes them back.
///
/// Runs are kept in levels: as soon as a level has `fanIn` runs, they become one run of the next.
/// So few files are open, and every line is written O(log runs) times.
final class CountRuns {
  private static let fanIn = 32

  private let folder: String
  private var levels: [[CountRun]] = []

  init(folder: String) {
    self.folder = folder
  }

  var isEmpty: Bool { levels.allSatisfy(\.isEmpty) }

  /// Adds a run: the merge of `sources`.
  func add(_ sources: [any CountSource]) throws {
    var level = 0
    var run = try write(sources)
    while true {
      if level == levels.count { levels.append([]) }
      levels[level].append(run)
      guard levels[level].count == Self.fanIn else { return }
      run = try write(try levels[level].map { try $0.source() })
      levels[level] = []
      level += 1
    }
  }

  /// All runs, each from its begin.
  func sources() throws -> [any CountSource] {
    try levels.flatMap { try $0.map { try $0.source() } }
  }

  private func write(_ sources: [any CountSource]) throws -> CountRun {
    let run = try CountRun(folder: folder)
    var writer = CountWriter(run.write)
    var merge = try CountMerge(sources)
    try merge.visit { try writer.write($0, $1) }
    try writer.finish()
    return run
  }
}

/// One nameless file.
private final class CountRun {
  private let folder: String
  private let descriptor: Int32

  init(folder: String) throws {
    self.folder = folder
    let name = String(UInt64.random(in: .min ... .max), radix: 36)
    let path = "\(folder)/seqtool-counts-\(name)"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw PipelineError.cannotCreate(file: folder, code: errno) }
    _ = unlink(path)
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let size = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if size > 0 {
          done += size
        } else if size == 0 || errno != EINTR {
          throw PipelineError.cannotWrite(
            file: folder, operation: "writing counts", code: size == 0 ? ENOSPC : errno)
        }
      }
    }
  }

  func source() throws -> any CountSource {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw PipelineError.cannotRead(file: folder, code: errno)
    }
    return RunSource(self, CountReader(descriptor: descriptor, name: folder, ownsDescriptor: false))
  }
}

/// Reads a run and keeps its file alive.
private final class RunSource: CountSource {
  private let run: CountRun
  private let reader: CountReader

  init(_ run: CountRun, _ reader: CountReader) {
    self.run = run
    self.reader = reader
  }

  func advance() throws -> Bool { try reader.advance() }
  var token: [UInt8] { reader.token }
  var count: UInt64 { reader.count }
}
