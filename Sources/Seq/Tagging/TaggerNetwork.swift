import Pipeline

/// The network of a tagger (Lample et al., 2016):
/// ```
/// c_t = the final states of a recurrent network, both ways, over the characters of word t
/// x_t = [E word_t ; c_t]    h_t = recurrent(x_t, both ways)    z_t = W h_t + b
/// ```
/// with E `[V, D]`, W `[K, W]`; z are the scores that a `LinearChainCRF` or a softmax is over.
package struct TaggerNetwork: Sendable {
  package let options: TaggerOptions
  package let layout: ParameterLayout
  let embedding: Embedding
  let speller: Speller?
  let stack: RecurrentStack
  let head: Linear
  let crf: LinearChainCRF?

  /// The network over the characters of a word.
  struct Speller: Sendable {
    let embedding: Embedding
    let stack: RecurrentStack
  }

  /// - Throws: where the options have no meaning.
  package init(_ options: TaggerOptions, tagCount: Int) throws {
    try options.validate()
    self.options = options
    let cell = try Cells.named(options.cell)
    var layout = ParameterLayout()
    embedding = Embedding(
      "embedding", symbolCount: options.symbols, size: options.embedding, in: &layout)
    speller =
      options.spells
      ? Speller(
        embedding: Embedding(
          "characters", symbolCount: options.characters, size: options.characterEmbedding,
          in: &layout),
        stack: RecurrentStack(
          cell: cell, inputSize: options.characterEmbedding, hiddenSize: options.characterHidden,
          layerCount: 1, isBidirectional: true, name: "speller", in: &layout)) : nil
    stack = RecurrentStack(
      cell: cell, inputSize: options.embedding + (speller?.stack.outputSize ?? 0),
      hiddenSize: options.hidden, layerCount: options.layers,
      isBidirectional: options.bidirectional, in: &layout)
    head = Linear("head", inputs: stack.outputSize, outputs: tagCount, in: &layout)
    crf = options.decoder == .crf ? LinearChainCRF("crf", tags: tagCount, in: &layout) : nil
    self.layout = layout
  }

  /// Lays out the matrices that every batch multiplies by.
  package func weights<S>(
    _ parameters: ParameterVector<S>, forTraining: Bool, precision: Precision = .float32
  ) -> Weights<S> {
    var weights = Weights(parameters, precision: precision)
    if let speller { weights.pack(speller.stack, forTraining: forTraining) }
    weights.pack(stack, forTraining: forTraining)
    weights.pack(head.weight)
    return weights
  }

  /// The first layer's tables for all characters, one for each direction.
  package func projections<S>(
    _ weights: Weights<S>, pool: WorkerPool = WorkerPool(threads: 1)
  ) -> [SymbolProjection<S>] {
    guard let speller else { return [] }
    return speller.stack.layers[0].map {
      SymbolProjection(speller.embedding, $0, weights, pool: pool)
    }
  }

  /// The scores of a batch, `[M, K]`.
  package func scores<S>(
    _ batch: TaggerBatch, _ projections: [SymbolProjection<S>], _ weights: Weights<S>
  ) -> Tensor<S> {
    let spelled = spell(batch, projections, weights, keepsCache: false)
    let input = input(batch, spelled, weights)
    let run = stack.run(
      projected: stack.layers[0].map { $0.project(input, weights) }, batch.layout, weights,
      keepsCache: false)
    return head.forward(run.output, weights)
  }

  /// The final states of each different spelling; `nil` where words are not spelled.
  func spell<S>(
    _ batch: TaggerBatch, _ projections: [SymbolProjection<S>], _ weights: Weights<S>,
    keepsCache: Bool
  ) -> RecurrentStack.Run<S>? {
    guard let speller, let spelling = batch.spelling else { return nil }
    return speller.stack.run(
      projected: projections.map { $0.forward(spelling.ids) }, spelling.layout, weights,
      keepsCache: keepsCache)
  }

  /// x of every row, `[M, D + 2 Hc]`.
  func input<S>(
    _ batch: TaggerBatch, _ spelled: RecurrentStack.Run<S>?, _ weights: Weights<S>
  ) -> Tensor<S> {
    let words = embedding.forward(batch.ids, weights)
    guard let spelled, let spelling = batch.spelling else { return words }
    let states = spelled.finalHidden
    var rows = Tensor<S>(uninitialized: [words.rows, states.columns])
    S.gatherRows(
      states.pointer, ids: spelling.sequences[...], columns: states.columns,
      into: rows.mutablePointer)
    return Tensor(columns: [words, rows])
  }

  /// The losses of a batch without gradients, summed, in nats.
  func loss(_ scores: Tensor<Float>, tags: [Int32], _ batch: TaggerBatch, _ chain: ChainScores?)
    -> Double
  {
    guard let chain else {
      var scores = scores
      return SoftmaxCrossEntropy.lossesAndGradient(&scores, classes: tags, scale: 0).reduce(0, +)
    }
    return (0..<batch.layout.batchCount).reduce(0) { sum, n in
      let rows = batch.layout.rows(of: n)
      let z = scores.doubles(rows)
      return sum + ChainPosterior(chain, z).logPartition
        - chain.score(of: rows.map { Int(tags[$0]) }, z)
    }
  }
}

extension Tensor {
  /// Some rows, one after the other.
  func doubles(_ rows: [Int]) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(rows.count * columns)
    for i in rows {
      let row = row(i)
      for j in 0..<columns { values.append(Double(row[j])) }
    }
    return values
  }
}
