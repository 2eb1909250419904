/// Merges sources of counts: each token once, in order, with the sum of its counts.
///
/// O(n log k) comparisons for n lines of k sources; memory: one token of each.
struct CountMerge {
  /// A heap with the least token on top.
  private var heap: [any CountSource] = []

  init(_ sources: [any CountSource]) throws {
    for source in sources where try source.advance() { heap.append(source) }
    for i in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(i) }
  }

  /// - Throws: `TokenizeError.countOverflow` where a sum passes 2^64 - 1, and what the sources and
  ///   `body` throw.
  mutating func visit(_ body: ([UInt8], UInt64) throws -> Void) throws {
    var token: [UInt8] = []
    while let least = heap.first {
      token.removeAll(keepingCapacity: true)
      token += least.token
      var total = least.count
      try advanceLeast()
      while let next = heap.first, next.token == token {
        let (sum, overflow) = total.addingReportingOverflow(next.count)
        guard !overflow else { throw TokenizeError.countOverflow(token: token) }
        total = sum
        try advanceLeast()
      }
      try body(token, total)
    }
  }

  private mutating func advanceLeast() throws {
    if try !heap[0].advance() {
      heap.swapAt(0, heap.count - 1)
      heap.removeLast()
    }
    sink(0)
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in 2 * parent + 1..<2 * parent + 3 where child < heap.count {
        if TokenOrder.precedes(heap[child].token, heap[least].token) { least = child }
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
