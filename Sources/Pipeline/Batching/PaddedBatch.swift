/// Some records of an `IDChunk` as a rectangle, time-major: ids `[T, N]`, with their lengths `[N]`
/// and mask `[T, N]`.
///
/// T is the greatest length, N the number of records. Position `t` of record `n` is
/// `ids[t * N + n]`; it is real where `t < lengths[n]` and padding elsewhere.
public struct PaddedBatch: Sendable, Hashable {
  /// `[T, N]`.
  public let ids: [Int32]
  /// `[N]`.
  public let lengths: [Int32]
  /// T.
  public let steps: Int

  /// N.
  public var count: Int { lengths.count }

  /// O(T x N).
  /// - Parameters:
  ///   - records: the indices of the records, in the order of the batch.
  ///   - padding: the id at positions that are not real.
  ///   - limit: records are cut to their first so many ids.
  /// - Throws: `PipelineError.malformedValue` where a record does not exist, the limit is negative
  ///   or T x N does not fit memory.
  public init(
    _ chunk: IDChunk, records: some Sequence<Int>, padding: Int32 = 0, limit: Int = .max
  ) throws {
    let records = Array(records)
    guard records.allSatisfy({ (0..<chunk.count).contains($0) }), limit >= 0 else {
      throw PipelineError.malformedValue(
        "a batch takes records 0 to \(chunk.count - 1) and a limit from 0")
    }
    let ranges = records.map { chunk.range($0).prefix(limit) }
    let steps = ranges.map(\.count).max() ?? 0
    let (size, overflow) = steps.multipliedReportingOverflow(by: records.count)
    guard !overflow, size <= 1 << 31 else {
      throw PipelineError.malformedValue(
        "a batch of \(records.count) records of up to \(steps) ids is too large "
          + "(use length buckets, a smaller batch or a limit)")
    }
    var ids = [Int32](repeating: padding, count: size)
    for (n, range) in ranges.enumerated() {
      for (t, i) in range.enumerated() { ids[t * records.count + n] = chunk.ids[i] }
    }
    self.ids = ids
    self.steps = steps
    lengths = ranges.map { Int32($0.count) }
  }

  /// `[T, N]`: 1 where a position is real, 0 where it is padding.
  public var mask: [Float] {
    var mask = [Float](repeating: 0, count: ids.count)
    for (n, length) in lengths.enumerated() {
      for t in 0..<Int(length) { mask[t * count + n] = 1 }
    }
    return mask
  }

  /// How many positions are real.
  public var tokenCount: Int { lengths.reduce(0) { $0 + Int($1) } }

  /// The records again, without padding.
  public func unpadded() -> IDChunk {
    var chunk = IDChunk()
    for (n, length) in lengths.enumerated() {
      for t in 0..<Int(length) { chunk.ids.append(ids[t * count + n]) }
      chunk.recordEnds.append(UInt32(chunk.ids.count))
    }
    return chunk
  }
}
