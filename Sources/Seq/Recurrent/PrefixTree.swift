import Glibc

/// The distinct prefixes of some sequences, of which a recurrent network has to read each only once:
/// what it knows after a prefix does not depend on what follows.
///
/// Nodes lie step by step: those of length 1, then those of length 2, and so on. For names that is 1.8
/// times fewer rows than symbols in a chunk of 32,768.
package struct PrefixTree: Sendable {
  /// The last symbol of each node's prefix, M' of them.
  package private(set) var ids: [Int32]
  /// For each node, its prefix without that symbol: a place among the nodes of the step before.
  package private(set) var parents: [Int32]
  /// For each step the place of its first node; one more for the end of the last.
  package private(set) var offsets: [Int] = [0]
  /// For each sequence, the node of all of it.
  package private(set) var ends: [Int32] = []

  /// - Parameters:
  ///   - symbols: of all sequences.
  ///   - sequences: where each stands among them; none is empty.
  ///   - areSorted: whether those that begin alike are neighbours already.
  package init(_ symbols: [Int32], _ sequences: [Range<Int>], areSorted: Bool = false) {
    let order = areSorted ? Array(sequences.indices) : sequences.sortedByPrefix(symbols)
    // How much of each sequence the one before it, in that order, begins with too.
    let shared = order.indices.map { place in
      place == 0
        ? 0
        : zip(symbols[sequences[order[place - 1]]], symbols[sequences[order[place]]])
          .prefix { $0 == $1 }.count
    }
    var counts = [Int](repeating: 0, count: sequences.reduce(0) { max($0, $1.count) })
    for (place, sequence) in order.enumerated() {
      for t in shared[place]..<sequences[sequence].count { counts[t] += 1 }
    }
    for count in counts { offsets.append(offsets[offsets.count - 1] + count) }
    ids = [Int32](repeating: 0, count: offsets[counts.count])
    parents = ids
    ends = [Int32](repeating: 0, count: sequences.count)
    // The node of each prefix of the sequence at hand, and where each step's next node goes.
    var path = [Int](repeating: 0, count: counts.count)
    var next = offsets
    for (place, sequence) in order.enumerated() {
      let range = sequences[sequence]
      for t in shared[place]..<range.count {
        let node = next[t]
        next[t] += 1
        ids[node] = symbols[range.lowerBound + t]
        if t > 0 { parents[node] = Int32(path[t - 1] - offsets[t - 1]) }
        path[t] = node
      }
      ends[sequence] = Int32(path[range.count - 1])
    }
  }

  /// T: the length of the longest sequence.
  package var stepCount: Int { offsets.count - 1 }
  /// M': the number of nodes.
  package var nodeCount: Int { ids.count }

  /// The nodes of one step.
  package func nodes(_ t: Int) -> Range<Int> { offsets[t]..<offsets[t + 1] }
}

extension [Range<Int>] {
  /// The places of some sequences in an order in which those that begin alike are neighbours.
  func sortedByPrefix(_ symbols: [Int32]) -> [Int] {
    symbols.withUnsafeBufferPointer { symbols in
      guard let base = symbols.baseAddress else { return [Int](indices) }
      // By bytes: any order of the symbols will do, and this one is the fastest to find.
      return indices.sorted { a, b in
        let (x, y) = (self[a], self[b])
        let order = memcmp(
          base + x.lowerBound, base + y.lowerBound,
          Swift.min(x.count, y.count) * MemoryLayout<Int32>.stride)
        return order != 0 ? order < 0 : x.count != y.count ? x.count < y.count : a < b
      }
    }
  }
}

extension PrefixTree {
  /// Some nodes of one step, whose prefixes have at most a given number of different parents.
  package struct Block {
    package var nodes: Range<Int>
    /// The different parents: places among the nodes of the step before.
    package var parents: [Int32] = []
    /// For each node, which of those is its own.
    package var parentOfNode: [Int32] = []
  }

  /// The nodes of a step from `start` on, as many as have at most `limit` parents. (Nodes stand in the order
  /// of their parents.)
  package func block(from start: Int, to end: Int, parentLimit limit: Int) -> Block {
    var block = Block(nodes: start..<start)
    while block.nodes.upperBound < end {
      let parent = parents[block.nodes.upperBound]
      if block.parents.last != parent {
        guard block.parents.count < limit else { break }
        block.parents.append(parent)
      }
      block.parentOfNode.append(Int32(block.parents.count - 1))
      block.nodes = start..<block.nodes.upperBound + 1
    }
    return block
  }
}

extension RecurrentLayer {
  /// Runs the cell over a tree of prefixes, from zeros, for inference: the hidden state of every
  /// node, `[M', H]`, with the very bits that `run` gives a sequence by itself.
  ///
  /// The recurrent product is computed once for each prefix that goes on, whatever number of symbols follow it.
  ///
  /// - Parameter projected: the input part of every node.
  func run<S>(
    _ projected: ProjectedInput<S>, _ tree: PrefixTree, _ weights: Weights<S>
  ) -> Tensor<S> {
    let h = hiddenSize
    let hasCell = cell.stateCount > 1
    let widest = (0..<tree.stepCount).reduce(1) { max($0, tree.nodes($1).count) }
    let limit = min(widest, Self.blockRows)
    var output = Tensor<S>(uninitialized: [tree.nodeCount, h])
    // Before the first step there is one state, of zeros, the parent of all its nodes.
    let start = Tensor<S>(zeros: [1, h])
    var parents = Tensor<S>(uninitialized: [limit, h])
    var recurrent = Tensor<S>(uninitialized: [limit, gateSize])
    // The cell states of this step and of the one before take turns.
    var cells = (0..<2).map { _ in Tensor<S>(zeros: [hasCell ? widest : 0, h]) }

    for t in 0..<tree.stepCount {
      let nodes = tree.nodes(t)
      let previous = t > 0 ? output.row(tree.offsets[t - 1]) : start.pointer
      let previousCell = cells[(t + 1) % 2].pointer
      let cellState = cells[t % 2].mutablePointer
      var first = nodes.lowerBound
      while first < nodes.upperBound {
        let block = tree.block(from: first, to: nodes.upperBound, parentLimit: limit)
        S.gatherRows(previous, ids: block.parents[...], columns: h, into: parents.mutablePointer)
        weights.product(
          parents.pointer, lda: h, rows: block.parents.count, with: weightHH, bias: biasHH,
          into: recurrent.mutablePointer, ldc: gateSize)
        projected.withRows(from: first) { x, rowsOfX in
          tree.parents.withUnsafeBufferPointer { all in
            block.parentOfNode.withUnsafeBufferPointer { parentOfNode in
              cell.step(
                CellStep(
                  rows: block.nodes.count, hidden: h, x: x, ldx: gateSize, r: recurrent.pointer,
                  previousHidden: previous, previousCell: hasCell ? previousCell : nil,
                  hiddenState: output.mutablePointer + first * h,
                  cellState: hasCell ? cellState + (first - nodes.lowerBound) * h : nil,
                  cache: nil, rowsOfX: rowsOfX, rowsOfR: parentOfNode.baseAddress,
                  rowsOfPrevious: all.baseAddress.map { $0 + first }))
            }
          }
        }
        first = block.nodes.upperBound
      }
    }
    return output
  }

  /// Prefixes that go through the product together: enough rows for it, few enough for what passes between
  /// product and cell to stay in a core's cache.
  private static var blockRows: Int { 192 }
}

extension RecurrentStack {
  /// All layers of one direction over a tree: the top layer's hidden state of every node, `[M', W]`.
  ///
  /// - Parameter table: the first layer's input part, `[V, G H]`.
  package func run<S>(
    table: Tensor<S>, direction: Int, _ tree: PrefixTree, _ weights: Weights<S>
  ) -> Tensor<S> {
    var output = layers[0][direction].run(
      ProjectedInput(table: table, rows: tree.ids), tree, weights)
    for directions in layers.dropFirst() {
      let layer = directions[direction]
      output = layer.run(layer.project(output, weights), tree, weights)
    }
    return output
  }

  /// Whether no state depends on what follows its prefix. (One layer of two directions is two networks,
  /// each with a tree of its own; above it every state depends on the whole sequence.)
  var sharesPrefixes: Bool {
    norms.isEmpty && (layers.count == 1 || layers.allSatisfy { $0.count == 1 })
  }
}
