/// Candidates for the next merge: the pair with the highest count first, of equal ones the one with
/// the lower ids, left before right. A binary heap.
struct MergeQueue {
  struct Candidate {
    var count: Int
    /// `left << 32 | right`.
    var key: UInt64
    var pair: Int32

    @inline(__always)
    func precedes(_ other: Candidate) -> Bool {
      count == other.count ? key < other.key : count > other.count
    }
  }

  private var heap: [Candidate] = []

  mutating func push(_ candidate: Candidate) {
    var child = heap.count
    heap.append(candidate)
    while child > 0 {
      let parent = (child - 1) / 2
      guard candidate.precedes(heap[parent]) else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = candidate
  }

  mutating func pop() -> Candidate? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return top }
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(last) else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = last
    return top
  }
}
