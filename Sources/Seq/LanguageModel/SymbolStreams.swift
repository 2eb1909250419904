/// A text cut into N streams that are read side by side, every symbol predicted exactly once.
///
/// The text of L symbols is cut into N pieces whose lengths differ by at most one, the longer ones
/// first. A piece is predicted from the symbol before it: the last one of the piece before, or
/// `end` for the first. So no symbol is dropped, and no state crosses a cut that is not in the text.
package struct SymbolStreams: Sendable {
  private let text: [Int32]
  private let end: Int32
  /// Where each piece begins; one more for the end of the last.
  private let starts: [Int]

  /// - Precondition: the text has at least `count` symbols.
  package init(_ text: [Int32], count: Int, end: Int32) {
    self.text = text
    self.end = end
    let (length, longer) = text.count.quotientAndRemainder(dividingBy: count)
    starts = (0...count).map { $0 * length + min($0, longer) }
  }

  /// The number of streams N.
  package var count: Int { starts.count - 1 }
  /// The length of the longest stream T.
  package var stepCount: Int { starts[1] - starts[0] }

  /// Steps `steps` of some streams (in rising order), as far as they go that long.
  package func window(_ steps: Range<Int>, of streams: [Int]) -> LanguageModelWindow {
    let lengths = streams.map {
      min(steps.upperBound, starts[$0 + 1] - starts[$0]) - steps.lowerBound
    }
    .filter { $0 > 0 }
    let layout = SequenceLayout(lengths: lengths)
    var ids = [Int32](repeating: 0, count: layout.rowCount)
    var targets = ids
    for (n, length) in lengths.enumerated() {
      let first = starts[streams[n]] + steps.lowerBound
      for t in 0..<length {
        let row = layout.row(step: t, sequence: n)
        ids[row] = first + t == 0 ? end : text[first + t - 1]
        targets[row] = text[first + t]
      }
    }
    return LanguageModelWindow(ids: ids, targets: targets, layout: layout)
  }

  /// The streams of each shard; a function of N alone.
  package static func shards(_ count: Int) -> [[Int]] { BatchPlan.shards(Array(0..<count)) }

  /// The streams of each shard where no more than `size` streams are read at once, and which shards
  /// those are: a function of N and `size`.
  static func shards(
    _ count: Int, inGroupsOf size: Int
  ) -> (shards: [[Int]], groups: [Range<Int>]) {
    var shards: [[Int]] = []
    var groups: [Range<Int>] = []
    for start in stride(from: 0, to: count, by: size) {
      let first = shards.count
      shards += BatchPlan.shards(Array(start..<min(start + size, count)))
      groups.append(first..<shards.count)
    }
    return (shards, groups)
  }
}
