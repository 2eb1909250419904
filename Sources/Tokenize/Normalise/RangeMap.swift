/// Maps ranges of a text through that text's own alignment, to what it was made from.
///
/// A range maps to the least range that covers what all its bytes stand for (marks may have changed
/// places). Neighbouring bytes mostly share one range, so the last answer is kept: n bytes made of
/// one segment of n bytes cost O(n), not O(n^2).
struct RangeMap {
  private var known: (start: UInt32, end: UInt32)?
  private var answer: (start: UInt32, end: UInt32) = (0, 0)

  /// The range that `start..<end` stands for. An empty range maps to an empty one.
  @inline(__always)
  mutating func map(
    _ start: UInt32, _ end: UInt32, starts: ArraySlice<UInt32>, ends: ArraySlice<UInt32>
  ) -> (UInt32, UInt32) {
    if let known, known == (start, end) { return answer }
    known = (start, end)
    answer = Self.cover(start, end, starts: starts, ends: ends)
    return answer
  }

  private static func cover(
    _ start: UInt32, _ end: UInt32, starts: ArraySlice<UInt32>, ends: ArraySlice<UInt32>
  ) -> (UInt32, UInt32) {
    let base = starts.startIndex
    if start >= end {
      let place = base + Int(start)
      let at = place < starts.endIndex ? starts[place] : ends.last ?? 0
      return (at, at)
    }
    var low = UInt32.max
    var high: UInt32 = 0
    for i in base + Int(start)..<base + Int(end) {
      low = min(low, starts[i])
      high = max(high, ends[i])
    }
    return (low, high)
  }
}
