import Glibc
import Pipeline

/// A folder of checkpoints, one run at a time.
///
/// Each is a file of its own, `RUN-STEP.ckpt`, saved whole or not at all. The newest is the one of
/// the highest step whose digest is right, so nothing points to it that could be wrong. At least two
/// are kept, and the best.
public final class CheckpointFolder {
  public let path: String
  private let descriptor: Int32
  /// The steps that were saved by the run that is going on, and the best of them.
  private var saved: [String: [Int]] = [:]
  private var best: [String: Int] = [:]

  /// Makes the folder where there is none, and keeps every other run out of it until this object
  /// goes away. Remains of saves that were cut short are removed.
  /// - Throws: `PipelineError.cannotCreate`, `.cannotOpen`; `SeqError.folderInUse`.
  public init(_ path: String) throws {
    self.path = path
    if mkdir(path, 0o700) == 0 {
      // Else a power cut could take the folder, and every checkpoint in it.
      let slashes = path.utf8.reversed().prefix { $0 == UInt8(ascii: "/") }.count
      try AtomicFile.synchroniseFolder(of: String(path.dropLast(slashes)))
    } else if errno != EEXIST {
      throw PipelineError.cannotCreate(file: path, code: errno)
    }
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw PipelineError.cannotOpen(file: path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw SeqError.folderInUse(path)
    }
    for name in try names()
    where name.hasPrefix(".") && name.contains(".ckpt.") && name.hasSuffix(".tmp") {
      unlink("\(path)/\(name)")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The newest snapshot of a run that is whole; `nil` where there is none.
  /// - Throws: the fault of the newest file where there are files and none is whole.
  public func newest(_ run: String) throws -> TrainingSnapshot? {
    let steps = try steps(of: run)
    saved[run] = steps
    best[run] = nil
    var newest: TrainingSnapshot?
    var fault: (any Error)?
    for step in steps.reversed() where best[run] == nil {
      do {
        let file = file(run, step)
        let snapshot = try TrainingSnapshot(fileBytes: try FileBytes.read(file), name: file)
        newest = newest ?? snapshot
        if snapshot.endsBestEpoch { best[run] = step }
      } catch {
        fault = fault ?? error
      }
    }
    if newest == nil, let fault { throw fault }
    return newest
  }

  /// Saves a snapshot, then removes those that are no longer needed.
  public func save(_ snapshot: TrainingSnapshot, of run: String, isBest: Bool) throws {
    let step = try snapshot.int("step")
    try AtomicFile.write(try snapshot.fileBytes(), to: file(run, step))
    var steps = (saved[run] ?? []).filter { $0 != step }
    steps.append(step)
    if isBest { best[run] = step }
    for old in steps.dropLast(2) where old != best[run] { unlink(file(run, old)) }
    saved[run] = steps.enumerated()
      .filter { $0.offset >= steps.count - 2 || $0.element == best[run] }.map(\.element)
  }

  /// Removes all checkpoints, to begin anew.
  public func clear() throws { try remove(prefix: "") }

  /// Removes the checkpoints of all runs whose names begin so.
  public func remove(prefix: String) throws {
    for name in try names() where name.hasPrefix(prefix) && name.hasSuffix(".ckpt") {
      unlink("\(path)/\(name)")
    }
  }

  // MARK: - Names

  private func file(_ run: String, _ step: Int) -> String {
    let digits = String(step)
    return "\(path)/\(run)-\(String(repeating: "0", count: max(0, 9 - digits.count)))\(digits).ckpt"
  }

  /// The steps at which a run was saved, rising.
  private func steps(of run: String) throws -> [Int] {
    try names().compactMap { name in
      guard name.hasPrefix("\(run)-"), name.hasSuffix(".ckpt") else { return nil }
      return Int(name.dropFirst(run.count + 1).dropLast(5))
    }.sorted()
  }

  private func names() throws -> [String] {
    guard let folder = opendir(path) else {
      throw PipelineError.cannotOpen(file: path, code: errno)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }
}
