/// N records of ids as a rectangle, row-major: what a model of any framework takes.
public struct IDBatch: Sendable, Hashable {
  /// `[N]`: the place of each record in the data, from 0.
  public let records: [Int]
  /// `[N]`: how many ids of each row are real.
  public let lengths: [Int32]
  /// T.
  public let steps: Int
  /// `[N, T]`.
  public let ids: [Int32]
  private let padding: BatchAssembler.Side

  /// N.
  public var count: Int { records.count }

  /// - Throws: `PipelineError.limitExceeded` where N x T passes 2^31.
  init(
    _ rows: ArraySlice<(place: Int, ids: ArraySlice<Int32>)>, _ options: BatchAssembler.Options
  ) throws {
    let longest = rows.reduce(0) { max($0, $1.ids.count) }
    let steps = (longest + options.multiple - 1) / options.multiple * options.multiple
    let (size, overflow) = steps.multipliedReportingOverflow(by: rows.count)
    guard !overflow, size <= 1 << 31 else {
      throw PipelineError.limitExceeded(
        "a batch of \(rows.count) records of \(steps) ids is too large "
          + "(use a smaller batch or a greatest length)")
    }
    var ids: [Int32] = []
    ids.reserveCapacity(size)
    for row in rows {
      let gap = repeatElement(options.paddingID, count: steps - row.ids.count)
      if options.padding == .left { ids += gap }
      ids += row.ids
      if options.padding == .right { ids += gap }
    }
    self.ids = ids
    self.steps = steps
    records = rows.map(\.place)
    lengths = rows.map { Int32(truncatingIfNeeded: $0.ids.count) }
    padding = options.padding
  }

  /// The ids of row `n`, padding included.
  public func row(_ n: Int) -> ArraySlice<Int32> { ids[n * steps..<(n + 1) * steps] }

  /// `[N, T]`: 1 where an id is real, 0 where it is padding.
  public var mask: [UInt8] {
    lengths.flatMap { length -> [UInt8] in
      let real = [UInt8](repeating: 1, count: Int(length))
      let gap = [UInt8](repeating: 0, count: steps - Int(length))
      return padding == .left ? gap + real : real + gap
    }
  }
}
