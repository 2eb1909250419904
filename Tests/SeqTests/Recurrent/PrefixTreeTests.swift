import Seq
import Testing

@Suite struct PrefixTreeTests {
  private static func tree(_ records: [[Int32]]) -> PrefixTree {
    var (symbols, ranges): ([Int32], [Range<Int>]) = ([], [])
    for record in records {
      ranges.append(symbols.count..<symbols.count + record.count)
      symbols += record
    }
    return PrefixTree(symbols, ranges)
  }

  /// The symbols on the way from the root to a node.
  private static func spelling(_ tree: PrefixTree, _ end: Int32) -> [Int32] {
    var node = Int(end)
    var t = tree.offsets.lastIndex { $0 <= node } ?? 0
    var symbols = [tree.ids[node]]
    while t > 0 {
      node = tree.offsets[t - 1] + Int(tree.parents[node])
      t -= 1
      symbols.append(tree.ids[node])
    }
    return symbols.reversed()
  }

  @Test func everySequenceIsAPathAndEveryPrefixIsThereOnce() {
    // Symbols whose bytes sort otherwise than their values, and sequences that stand twice.
    var records = Samples.records(400, lengths: 1...9, symbols: 3, seed: 5)
    records += records.prefix(20).map { $0.map { $0 * 255 + 1 } } + records.prefix(7)
    let tree = Self.tree(records)
    for (record, end) in zip(records, tree.ends) {
      #expect(Self.spelling(tree, end) == record)
    }
    let prefixes = Set(records.flatMap { record in (1...record.count).map { record.prefix($0) } })
    #expect(tree.nodeCount == prefixes.count)
    #expect(tree.nodeCount < records.reduce(0) { $0 + $1.count } / 2)
    #expect(tree.stepCount == 9)
  }

  @Test func nothingIsShared() {
    let tree = Self.tree([[1, 2], [2, 2], [0]])
    #expect(tree.nodeCount == 5)
    #expect(tree.nodes(0).count == 3 && tree.nodes(1).count == 2)
  }

  @Test func noSequencesAreAnEmptyTree() {
    let tree = Self.tree([])
    #expect(tree.nodeCount == 0 && tree.stepCount == 0 && tree.ends.isEmpty)
  }

  @Test func aBlockHasAllNodesOfItsParents() {
    let tree = Self.tree(Samples.records(200, lengths: 1...6, symbols: 4, seed: 8))
    for t in 1..<tree.stepCount {
      var next = tree.nodes(t).lowerBound
      while next < tree.nodes(t).upperBound {
        let block = tree.block(from: next, to: tree.nodes(t).upperBound, parentLimit: 3)
        #expect(block.nodes.lowerBound == next && !block.nodes.isEmpty)
        #expect(block.parents.count <= 3 && Set(block.parents).count == block.parents.count)
        for (node, place) in zip(block.nodes, block.parentOfNode) {
          #expect(block.parents[Int(place)] == tree.parents[node])
        }
        next = block.nodes.upperBound
      }
    }
  }

  /// The law: over a tree every state has the bits that it has where each sequence runs by itself.
  @Test(arguments: Cells.all.map(\.name))
  func statesAreThoseOfEachSequenceByItself(cell: String) throws {
    try expectStatesOfEachSequence(Float.self, cell)
    try expectStatesOfEachSequence(Double.self, cell)
  }

  private func expectStatesOfEachSequence<S: Scalar>(_: S.Type, _ cell: String) throws {
    var layout = ParameterLayout()
    let stack = RecurrentStack(
      cell: try Cells.named(cell), inputSize: 5, hiddenSize: 19, layerCount: 2,
      isBidirectional: false, in: &layout)
    var weights = Weights(Samples.parameters(layout, seed: 4) as ParameterVector<S>)
    weights.pack(stack, forTraining: false)
    let table: Tensor<S> = Samples.uniform([6, stack.layers[0][0].gateSize], seed: 5)
    // More sequences than go through the network together.
    let records = Samples.records(600, lengths: 1...7, symbols: 6, seed: 6)
    let tree = Self.tree(records)
    let output = stack.run(table: table, direction: 0, tree, weights)
    for (record, end) in zip(records, tree.ends).prefix(100) {
      let projected = Tensor(
        [record.count, table.columns],
        record.flatMap { id in (0..<table.columns).map { table[Int(id), $0] } })
      let alone = stack.run(
        projected: [ProjectedInput(projected)], SequenceLayout(lengths: [record.count]), weights,
        keepsCache: false)
      let columns = 0..<19
      #expect(
        columns.map { output[Int(end), $0] } == columns.map { alone.finalHidden[0, $0] })
    }
  }
}
