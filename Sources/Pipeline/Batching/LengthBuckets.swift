/// Records grouped so that those of a batch have about the same length, and little is padded.
///
/// The groups are a function of the lengths alone: records in the order of (length, index), cut
/// where a group is full. Who wants another order of the batches shuffles `batches`.
public struct LengthBuckets: Sendable, Hashable {
  /// The indices of the records of each batch.
  public let batches: [[Int]]
  private let lengths: [Int]

  /// O(n log n).
  /// - Parameters:
  ///   - lengths: the length of each record.
  ///   - batchSize: the greatest number of records in a batch, at least 1.
  ///   - maximumArea: the greatest T x N of a batch; one record alone may be larger.
  /// - Throws: `PipelineError.malformedValue` where a limit is less than 1 or a length negative.
  public init(lengths: [Int], batchSize: Int, maximumArea: Int = .max) throws {
    guard batchSize >= 1, maximumArea >= 1, lengths.allSatisfy({ $0 >= 0 }) else {
      throw PipelineError.malformedValue(
        "length buckets take a batch size and an area from 1, and lengths from 0")
    }
    let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    var batches: [[Int]] = []
    var batch: [Int] = []
    for record in order {
      let (area, overflow) = lengths[record].multipliedReportingOverflow(by: batch.count + 1)
      let isFull = batch.count == batchSize || overflow || area > maximumArea
      if isFull, !batch.isEmpty {
        batches.append(batch)
        batch.removeAll()
      }
      batch.append(record)
    }
    if !batch.isEmpty { batches.append(batch) }
    self.batches = batches
    self.lengths = lengths
  }

  /// The buckets of the records of a chunk.
  public init(_ chunk: IDChunk, batchSize: Int, maximumArea: Int = .max) throws {
    try self.init(
      lengths: (0..<chunk.count).map { chunk.range($0).count }, batchSize: batchSize,
      maximumArea: maximumArea)
  }

  /// The part of all positions that is padding, from 0 to 1.
  public var paddedFraction: Double {
    var real = 0.0
    var all = 0.0
    for batch in batches {
      let longest = batch.map { lengths[$0] }.max() ?? 0
      all += Double(longest) * Double(batch.count)
      real += batch.reduce(0) { $0 + Double(lengths[$1]) }
    }
    return all == 0 ? 0 : 1 - real / all
  }
}
