/// How a batch of N sequences of unequal lengths lies in memory: by time, without padding.
///
/// The sequences stand in order of falling length, so at step t the first `activeRows[t]` of them
/// are still running, and a matrix `[M, D]` holds the rows of step 0, then those of step 1, and so
/// on (PyTorch's `PackedSequence`). M is the sum of the lengths: nothing is computed for padding.
public struct SequenceLayout: Sendable, Hashable {
  /// N lengths, falling, each at least 1.
  public let lengths: [Int]
  /// For each of the T steps, how many sequences are at least that long.
  public let activeRows: [Int]
  /// For each step, the row at which it starts.
  public let offsets: [Int]
  /// M: the number of rows.
  public let rowCount: Int

  /// The layout for sequences of these lengths.
  ///
  /// - Precondition: the lengths fall and are at least 1.
  public init(lengths: [Int]) {
    var active: [Int] = []
    var running = lengths.count
    for t in 0..<(lengths.first ?? 0) {
      while running > 0, lengths[running - 1] <= t { running -= 1 }
      active.append(running)
    }
    var offsets: [Int] = []
    var total = 0
    for rows in active {
      offsets.append(total)
      total += rows
    }
    precondition(total == lengths.reduce(0, +), "lengths must fall and be at least 1")
    self.lengths = lengths
    self.activeRows = active
    self.offsets = offsets
    self.rowCount = total
  }

  /// N sequences of T steps each.
  public init(steps: Int, batch: Int) {
    self.init(lengths: [Int](repeating: steps, count: batch))
  }

  /// T: the length of the longest sequence.
  public var stepCount: Int { activeRows.count }
  /// N: the number of sequences.
  public var batchCount: Int { lengths.count }

  /// The row of step `t` of sequence `n`.
  public func row(step t: Int, sequence n: Int) -> Int { offsets[t] + n }
}

extension Tensor {
  /// `[N, W]` to `[M, W]`: each sequence's row at each of its steps.
  func repeated(over layout: SequenceLayout) -> Tensor {
    var result = Tensor(uninitialized: [layout.rowCount, columns])
    let target = result.mutablePointer
    for t in 0..<layout.stepCount {
      (target + layout.offsets[t] * columns)
        .update(from: pointer, count: layout.activeRows[t] * columns)
    }
    return result
  }
}
