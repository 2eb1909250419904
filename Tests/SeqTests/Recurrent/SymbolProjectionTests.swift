import Seq
import Testing

@Suite struct SymbolProjectionTests {
  @Test(arguments: [false, true])
  func equalsEmbeddingThenProjection(isMasked: Bool) throws {
    var layout = ParameterLayout()
    let embedding = Embedding("embedding", symbolCount: 6, size: 5, in: &layout)
    let layer = RecurrentLayer(cell: GRUCell(), inputSize: 5, hiddenSize: 4, in: &layout)
    let weights = Weights(Samples.parameters(layout, seed: 3) as ParameterVector<Double>)
    let ids: [Int32] = [3, 0, 3, 5, 1, 0, 3]
    let mask: Tensor<Double>? = isMasked ? .mask([6, 5], seed: 8) : nil
    let d: Tensor<Double> = Samples.weights([7, 12], phase: 1)

    let table = SymbolProjection(embedding, layer, mask: mask, weights)
    var fast = Gradients<Double>(layout)
    table.backward(d, ids: ids, into: &fast)
    table.finishBackward(weights, into: &fast)

    let maskRows = Tensor<Double>(
      [7, 5], ids.flatMap { id in (0..<5).map { mask?[Int(id), $0] ?? 1 } })
    func masked(_ x: Tensor<Double>) -> Tensor<Double> {
      Tensor(x.shape, zip(x.values, maskRows.values).map { $0 * $1 })
    }
    let embedded = masked(embedding.forward(ids, weights))
    var slow = Gradients<Double>(layout)
    let dx = layer.projectBackward(d, input: embedded, weights, into: &slow)
    embedding.backward(masked(dx), ids: ids, into: &slow)

    #expect(
      distance(
        table.forward(ids).writtenOut.values, layer.project(embedded, weights).writtenOut.values)
        < 1e-13)
    for parameter in [embedding.weight, layer.weightIH, layer.biasIH] {
      #expect(distance(fast[parameter], slow[parameter]) < 1e-13, "\(parameter.name)")
      #expect(slow[parameter].contains { abs($0) > 0.1 })
    }
  }

  /// The law: gradients of tables are added before they are multiplied, or each by itself; and threads
  /// change no bit.
  @Test func shardsAreAddedBeforeTheyAreMultiplied() throws {
    var layout = ParameterLayout()
    let embedding = Embedding("embedding", symbolCount: 67, size: 5, in: &layout)
    let layer = RecurrentLayer(cell: LSTMCell(), inputSize: 5, hiddenSize: 3, in: &layout)
    let weights = Weights(Samples.parameters(layout, seed: 3) as ParameterVector<Float>)
    let ids: [[Int32]] = [[3, 0, 66, 5], [66, 3, 3, 64, 9]]
    let d: [Tensor<Float>] = ids.map { Samples.weights([$0.count, 12], phase: Double($0.count)) }
    func gradients(threads: Int, joined: Bool) -> Gradients<Float> {
      let pool = WorkerPool(threads: threads)
      let table = SymbolProjection(embedding, layer, weights, pool: pool)
      var shards = [Gradients<Float>](repeating: Gradients(layout), count: 3)
      for (i, ids) in ids.enumerated() {
        table.backward(d[i], ids: ids, into: &shards[i + 1])
        if !joined { table.finishBackward(weights, into: &shards[i + 1], pool: pool) }
        shards[0].add(shards[i + 1])
      }
      table.finishBackward(weights, into: &shards[0], pool: pool)
      return shards[0]
    }
    let joined = gradients(threads: 1, joined: true)
    let apart = gradients(threads: 1, joined: false)
    let again = gradients(threads: 3, joined: true)
    for parameter in [embedding.weight, layer.weightIH, layer.biasIH] {
      #expect(joined[parameter] == again[parameter])
      #expect(joined[parameter].contains { abs($0) > 0.1 })
      #expect(zip(joined[parameter], apart[parameter]).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    let one = SymbolProjection(embedding, layer, weights, pool: WorkerPool(threads: 1))
    let three = SymbolProjection(embedding, layer, weights, pool: WorkerPool(threads: 3))
    #expect(three.table == one.table)
  }

  /// The law: whether a step takes its row of the table or has it as its own changes no bit.
  @Test(arguments: Cells.all.map(\.name), [false, true])
  func aTableRunsAsItsRowsWrittenOut(cell: String, isReversed: Bool) throws {
    try expectTableRunsAsRows(Float.self, cell, isReversed)
    try expectTableRunsAsRows(Double.self, cell, isReversed)
  }

  private func expectTableRunsAsRows<S: Scalar>(
    _: S.Type, _ cell: String, _ isReversed: Bool
  ) throws {
    var layout = ParameterLayout()
    let embedding = Embedding("embedding", symbolCount: 6, size: 5, in: &layout)
    let layer = RecurrentLayer(
      cell: try Cells.named(cell), inputSize: 5, hiddenSize: 19, isReversed: isReversed,
      in: &layout)
    let weights = Weights(Samples.parameters(layout, seed: 3) as ParameterVector<S>)
    let projection = SymbolProjection(embedding, layer, weights)
    let ids: [Int32] = [3, 0, 3, 5, 1, 0, 3]
    let sequences = SequenceLayout(lengths: [4, 2, 1])
    let rows = ProjectedInput(projection.forward(ids).writtenOut)
    let start = RecurrentState<S>(
      hidden: Samples.uniform([3, 19], seed: 5),
      cell: Samples.uniform([layer.cell.stateCount > 1 ? 3 : 0, 19], seed: 6))
    let (a, b) = (
      layer.run(projection.forward(ids), sequences, from: start, weights, keepsCache: true),
      layer.run(rows, sequences, from: start, weights, keepsCache: true)
    )
    #expect(a.output == b.output && a.final == b.final)
  }
}
