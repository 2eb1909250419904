import Glibc
import Pipeline
import Seq

/// The record of a search on disk: a line of JSON for the search, then one for each result, synced
/// before the next begins. A line that an interruption cut short is taken away.
final class TuneJournal {
  private let path: String
  private let descriptor: Int32
  private(set) var entries: [TuneEntry] = []

  /// Opens or makes the journal of a search.
  ///
  /// - Parameter search: all that decides the result.
  /// - Throws: `CLIError.badData` where the file is the journal of another search or none;
  ///   `PipelineError.cannotCreate`, `.cannotRead`, `.cannotWrite`.
  init(_ path: String, search: JSONObject) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw PipelineError.cannotCreate(file: path, code: errno) }
    let bytes = try FileBytes.read(path)
    let whole = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    guard ftruncate(descriptor, off_t(whole)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw PipelineError.cannotWrite(file: path, operation: "truncate", code: errno)
    }
    var lines = bytes[..<whole].split(separator: 0x0A)
    guard !lines.isEmpty else {
      try append(.object(search))
      return
    }
    try check(lines.removeFirst(), search)
    entries = try lines.enumerated().map { number, line in
      guard let entry = try? TuneEntry(JSONParser.parse(line)) else {
        throw CLIError.badData("\(path):\(number + 2): is no result of a trial")
      }
      return entry
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The result of a trial at a rung, if there is one.
  func entry(trial: Int, rung: Int) -> TuneEntry? {
    entries.first { $0.trial == trial && $0.rung == rung }
  }

  /// Adds a result, which lasts when this returns.
  func add(_ entry: TuneEntry) throws {
    try append(entry.json)
    entries.append(entry)
  }

  private func check(_ line: ArraySlice<UInt8>, _ search: JSONObject) throws {
    guard let found = try? JSONParser.parse(line).objectValue, found["search"] != nil else {
      throw CLIError.badData("\(path):1: is not the journal of a search")
    }
    let differing = Set(search.keys).union(found.keys).sorted().filter { search[$0] != found[$0] }
    guard differing.isEmpty else {
      throw CLIError.badData(
        "\(path): is of another search: \(differing.joined(separator: ", ")) "
          + (differing.count == 1 ? "differs" : "differ")
          + " (give the same data and options, or another folder)")
    }
  }

  private func append(_ value: JSONValue) throws {
    var rest = Array((value.text() + "\n").utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write") }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw failure("fsync") }
  }

  private func failure(_ operation: String) -> PipelineError {
    .cannotWrite(file: path, operation: operation, code: errno)
  }
}
