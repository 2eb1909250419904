/// Puts records of ids together to batches of equal length, as a stream.
///
/// Without buckets the batches are in the order of the records. With them, `bucketWindow` records
/// are looked at together: they are ordered by length and cut into batches, so that little is
/// padded. What comes out depends on the records alone, never on how they are cut into chunks.
public struct BatchAssembler: Sendable {
  /// An end of a record.
  public enum Side: String, Sendable, Hashable, CaseIterable {
    case left
    case right
  }

  public struct Options: Sendable, Hashable {
    /// Records in a batch.
    public var size = 32
    /// Longer records are cut; 0 for no limit.
    public var maximumLength = 0
    /// Where a long record is cut.
    public var truncation = Side.right
    /// Where a short record is padded.
    public var padding = Side.right
    public var paddingID: Int32 = 0
    /// The length of a batch is rounded up to a multiple of this.
    public var multiple = 1
    /// Records that are ordered by length together; 0 for none.
    public var bucketWindow = 0
    /// Whether a last batch that is not full is left out.
    public var dropsLast = false

    public init() {}
  }

  private let options: Options
  private var waiting: [(place: Int, ids: ArraySlice<Int32>)] = []
  private var count = 0

  /// - Throws: `PipelineError.malformedValue` where a size is out of range.
  public init(_ options: Options) throws {
    let limit = 1 << 30
    for (name, value, least) in [
      ("batch size", options.size, 1), ("multiple", options.multiple, 1),
      ("greatest length", options.maximumLength, 0), ("bucket window", options.bucketWindow, 0),
    ] where !(least...limit).contains(value) {
      throw PipelineError.malformedValue(
        "the \(name) is \(value), but must be from \(least) to 2^30")
    }
    self.options = options
  }

  /// Adds records, and gives the batches that are complete.
  public mutating func add(_ chunk: IDChunk) throws -> [IDBatch] {
    var batches: [IDBatch] = []
    let room = max(options.bucketWindow, options.size)
    for record in 0..<chunk.count {
      waiting.append((count, cut(chunk.ids[chunk.range(record)])))
      count += 1
      if waiting.count == room { batches += try takeBatches(isLast: false) }
    }
    return batches
  }

  /// The batches of the records that are left.
  public mutating func finish() throws -> [IDBatch] { try takeBatches(isLast: true) }

  private func cut(_ ids: ArraySlice<Int32>) -> ArraySlice<Int32> {
    guard options.maximumLength > 0 else { return ids }
    return options.truncation == .right
      ? ids.prefix(options.maximumLength) : ids.suffix(options.maximumLength)
  }

  private mutating func takeBatches(isLast: Bool) throws -> [IDBatch] {
    if options.bucketWindow > 0 {
      waiting.sort { ($0.ids.count, $0.place) < ($1.ids.count, $1.place) }
    }
    var batches: [IDBatch] = []
    var start = 0
    while start < waiting.count {
      let end = min(start + options.size, waiting.count)
      // What does not fill a batch waits for the next window, and at the end for nothing.
      if end - start < options.size, !isLast || options.dropsLast { break }
      batches.append(try IDBatch(waiting[start..<end], options))
      start = end
    }
    waiting.removeFirst(start)
    return batches
  }
}
