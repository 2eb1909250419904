import HeapModule

/// Merges the symbols of one word, the pair of the lowest rank first and the leftmost of equal ones,
/// until no pair is left that merges. Its arrays are reused from word to word.
struct BPEMerger {
  /// Symbols of the word: ids and the ends of their byte ranges.
  private(set) var ids: [Int32] = []
  private(set) var ends: [UInt32] = []
  /// For each symbol, the merge with its right neighbour.
  private var pairs: [UInt64] = []
  private var previous: [Int32] = []
  private var next: [Int32] = []
  /// The merges of a long word; empty between words.
  private var heap = Heap<Candidate>()

  /// A merge at a symbol; `right` is its partner when the candidate was found.
  private struct Candidate: Comparable {
    /// Rank in the upper half, new id in the lower.
    var merge: UInt64
    var position: Int32
    var right: Int32

    @inline(__always) private var rank: UInt64 { merge >> 32 }

    @inline(__always)
    static func < (a: Self, b: Self) -> Bool {
      a.rank == b.rank ? a.position < b.position : a.rank < b.rank
    }

    @inline(__always)
    static func == (a: Self, b: Self) -> Bool { a.rank == b.rank && a.position == b.position }
  }

  /// Words of up to this many symbols are merged by scanning, longer ones with a heap.
  private static let longestScan = 48

  mutating func removeAll() {
    ids.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  mutating func append(_ id: Int32, end: Int) {
    ids.append(id)
    ends.append(UInt32(truncatingIfNeeded: end))
  }

  /// Merges in place. O(n log n) in the number of symbols.
  mutating func merge(by table: MergeTable) {
    guard ids.count > 1 else { return }
    if ids.count <= Self.longestScan { scan(table) } else { mergeLong(table) }
  }

  private mutating func scan(_ table: MergeTable) {
    var count = ids.count
    pairs.removeAll(keepingCapacity: true)
    for i in 0..<count - 1 { pairs.append(table.find(ids[i], ids[i + 1])) }
    while count > 1 {
      var best = MergeTable.none
      var place = -1
      pairs.withUnsafeBufferPointer { pairs in
        for i in 0..<count - 1 where pairs[i] >> 32 < best >> 32 {
          best = pairs[i]
          place = i
        }
      }
      if place < 0 { break }
      ids[place] = Int32(truncatingIfNeeded: best)
      ends[place] = ends[place + 1]
      for i in place + 1..<count - 1 {
        ids[i] = ids[i + 1]
        ends[i] = ends[i + 1]
      }
      for i in place..<max(count - 2, place) { pairs[i] = pairs[i + 1] }
      count -= 1
      if place > 0 { pairs[place - 1] = table.find(ids[place - 1], ids[place]) }
      if place < count - 1 { pairs[place] = table.find(ids[place], ids[place + 1]) }
    }
    ids.removeLast(ids.count - count)
    ends.removeLast(ends.count - count)
  }

  // MARK: Long words

  private mutating func mergeLong(_ table: MergeTable) {
    let count = ids.count
    previous = (0..<count).map { Int32($0 - 1) }
    next = (0..<count).map { $0 + 1 < count ? Int32($0 + 1) : -1 }
    for i in 0..<count - 1 { push(Int32(i), Int32(i + 1), table) }
    while let candidate = heap.popMin() {
      let (left, right) = (Int(candidate.position), Int(candidate.right))
      // A symbol that is gone has the id -1; one that was merged anew no longer gives this merge.
      guard ids[left] >= 0, next[left] == candidate.right,
        table.find(ids[left], ids[right]) == candidate.merge
      else { continue }
      ids[left] = Int32(truncatingIfNeeded: candidate.merge)
      ends[left] = ends[right]
      ids[right] = -1
      next[left] = next[right]
      if next[right] >= 0 { previous[Int(next[right])] = candidate.position }
      if previous[left] >= 0 { push(previous[left], candidate.position, table) }
      if next[left] >= 0 { push(candidate.position, next[left], table) }
    }
    var kept = 0
    for i in 0..<count where ids[i] >= 0 {
      ids[kept] = ids[i]
      ends[kept] = ends[i]
      kept += 1
    }
    ids.removeLast(count - kept)
    ends.removeLast(count - kept)
  }

  @inline(__always)
  private mutating func push(_ left: Int32, _ right: Int32, _ table: MergeTable) {
    let merge = table.find(ids[Int(left)], ids[Int(right)])
    if merge != MergeTable.none {
      heap.insert(Candidate(merge: merge, position: left, right: right))
    }
  }
}
