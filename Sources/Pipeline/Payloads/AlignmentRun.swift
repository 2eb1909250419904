/// Which stretch of a text was made of which stretch of its original: a piece of one record's
/// alignment.
public struct AlignmentRun: Sendable, Hashable {
  /// Bytes of the text.
  public var text: Range<UInt32>
  /// Bytes of the original record.
  public var original: Range<UInt32>

  public init(text: Range<UInt32>, original: Range<UInt32>) {
    self.text = text
    self.original = original
  }

  /// Whether the stretches are as long as each other, so that places in them correspond.
  var keepsLength: Bool { text.count == original.count }
}

extension TextChunk {
  /// The runs of record `i`, in the order of the text, or none where offsets were not tracked.
  ///
  /// Bytes with one range make a run; neighbouring runs that keep their length and follow each other
  /// in the original too are joined, so an unchanged stretch is one run.
  public func alignmentRuns(_ i: Int) -> [AlignmentRun] {
    guard let alignment else { return [] }
    let range = range(i)
    var runs: [AlignmentRun] = []
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound, alignment.starts[end] == alignment.starts[start],
        alignment.ends[end] == alignment.ends[start]
      {
        end += 1
      }
      let run = AlignmentRun(
        text: UInt32(start - range.lowerBound)..<UInt32(end - range.lowerBound),
        original: alignment.starts[start]..<max(alignment.starts[start], alignment.ends[start]))
      if let last = runs.last, last.keepsLength, run.keepsLength,
        last.original.upperBound == run.original.lowerBound
      {
        runs[runs.count - 1].text = last.text.lowerBound..<run.text.upperBound
        runs[runs.count - 1].original = last.original.lowerBound..<run.original.upperBound
      } else {
        runs.append(run)
      }
      start = end
    }
    return runs
  }
}
