extension Pooling.Rule {
  /// Pools the hidden states along each sequence of a tree: `[M', H]` to `[N, H]`. What is known at a
  /// node follows from what was known at its parent, so that is shared too.
  ///
  /// - Precondition: not `attention`, which needs all states of a sequence at once.
  func forward<S>(_ x: Tensor<S>, _ tree: PrefixTree, lengths: [Int]) -> Tensor<S> {
    let width = x.columns
    var known = x
    switch self {
    case .last, .attention: break
    case .max:
      known.followParents(tree) { states, known, count in
        S.maximum(states, into: known, count: count, row: 0, rows: nil)
      }
    case .mean:
      known.followParents(tree) { states, known, count in S.add(states, to: known, count: count) }
    }
    var y = Tensor<S>(uninitialized: [tree.ends.count, width])
    S.gatherRows(known.pointer, ids: tree.ends[...], columns: width, into: y.mutablePointer)
    guard self == .mean else { return y }
    for (n, length) in lengths.enumerated() {
      S.scale(y.mutablePointer + n * width, by: 1 / S(length), count: width)
    }
    return y
  }
}

extension Tensor {
  /// Step by step, each node's row becomes its parent's, combined with what was there.
  fileprivate mutating func followParents(
    _ tree: PrefixTree,
    _ combine: (UnsafePointer<S>, UnsafeMutablePointer<S>, Int) -> Void
  ) {
    let states = self
    let known = mutablePointer
    for t in 1..<max(1, tree.stepCount) {
      let nodes = tree.nodes(t)
      S.gatherRows(
        UnsafePointer(known + tree.offsets[t - 1] * columns), ids: tree.parents[nodes],
        columns: columns, into: known + nodes.lowerBound * columns)
      combine(
        states.row(nodes.lowerBound), known + nodes.lowerBound * columns, nodes.count * columns)
    }
  }
}
