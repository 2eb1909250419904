public import Pipeline

/// Counts tokens in bounded memory: what does not fit goes to disk in sorted runs, which are merged
/// at the end.
///
/// The result is the canonical form of `TokenCounts`, whatever the bound, the order of the tokens
/// and the number of spillers that shared the work.
public final class CountSpiller {
  private let memory: Int
  private let runs: CountRuns
  private var counts = TokenCounts()

  /// - Parameters:
  ///   - memory: The most bytes that counts may take. Room for growing and sorting is part of it;
  ///     one chunk of tokens more may be held.
  ///   - folder: Where runs are written, in files that nobody else can open.
  public init(memory: Int, folder: String) {
    self.memory = memory
    runs = CountRuns(folder: folder)
  }

  /// Whether anything had to go to disk.
  public var hasSpilled: Bool { !runs.isEmpty }

  /// Counts every token of a chunk.
  /// - Throws: `TokenizeError.countOverflow`; `PipelineError.cannotCreate`, `.cannotWrite`.
  public func add(_ chunk: TokenChunk) throws {
    try counts.add(chunk)
    try spillIfNeeded()
  }

  /// Counts `token` `count` times more.
  public func add(_ token: some Sequence<UInt8>, count: UInt64 = 1) throws {
    try counts.add(token, count: count)
    try spillIfNeeded()
  }

  /// Writes the sum of all counts of all spillers, in canonical form and in blocks.
  public static func write(
    _ spillers: [CountSpiller], to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    var sources: [any CountSource] = []
    for spiller in spillers {
      sources += try spiller.runs.sources()
      sources.append(SortedCounts(spiller.counts))
    }
    try writeMerge(of: sources, to: sink)
  }

  /// Writes the sum of count files, each already in canonical form.
  ///
  /// - Parameter folder: Where groups of files are merged first, where there are very many.
  /// - Throws: `TokenizeError.malformedCounts` for a line that is not canonical, `.countOverflow`;
  ///   `PipelineError.cannotOpen`, `.cannotRead`, `.cannotCreate`, `.cannotWrite`.
  public static func merge(
    files: [String], folder: String, to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    let mostAtOnce = 128
    guard files.count > mostAtOnce else {
      return try writeMerge(of: files.map { try CountReader(file: $0) }, to: sink)
    }
    let runs = CountRuns(folder: folder)
    for begin in stride(from: 0, to: files.count, by: mostAtOnce) {
      let group = files[begin..<min(begin + mostAtOnce, files.count)]
      try runs.add(group.map { try CountReader(file: $0) })
    }
    try writeMerge(of: runs.sources(), to: sink)
  }

  private static func writeMerge(
    of sources: [any CountSource], to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    var writer = CountWriter(sink)
    var merge = try CountMerge(sources)
    try merge.visit { try writer.write($0, $1) }
    try writer.finish()
  }

  private func spillIfNeeded() throws {
    // Growing arrays hold their old place and their new one for a moment.
    guard counts.memory >= memory / 2, counts.count > 0 else { return }
    try runs.add([SortedCounts(counts)])
    counts = TokenCounts()
  }
}
