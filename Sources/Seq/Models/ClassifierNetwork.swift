/// The network of a sequence classifier:
/// ```
/// e_t = E[symbol_t]    h_t = recurrent(e_t, h_{t-1})    y = pooling(h_1 ... h_T)
/// logits = W y + b + Σ over the record's features f of U_f
/// ```
/// with E `[V, D]`, W `[K, P]`, U `[F, K]`.
package struct ClassifierNetwork: Sendable {
  package let options: ClassifierOptions
  package let layout: ParameterLayout
  package let embedding: Embedding
  package let stack: RecurrentStack
  package let pooling: Pooling
  package let head: Linear
  package let bag: FeatureBag?

  /// - Throws: where the options have no meaning.
  package init(_ options: ClassifierOptions, classCount: Int) throws {
    try options.validate()
    self.options = options
    var layout = ParameterLayout()
    embedding = Embedding(
      "embedding", symbolCount: options.symbols, size: options.embedding, in: &layout)
    stack = RecurrentStack(
      cell: try Cells.named(options.cell), inputSize: options.embedding,
      hiddenSize: options.hidden, layerCount: options.layers,
      isBidirectional: options.bidirectional, in: &layout)
    pooling = Pooling(
      try Pooling.rules(options.pooling), width: stack.outputSize, in: &layout)
    head = Linear("head", inputs: pooling.outputSize, outputs: classCount, in: &layout)
    bag =
      options.features > 0
      ? FeatureBag("features", features: options.features, classes: classCount, in: &layout) : nil
    self.layout = layout
  }

  /// Lays out the matrices that every batch multiplies by.
  ///
  /// - Parameter sequences: how many a training step reads.
  package func weights<S>(
    _ parameters: ParameterVector<S>, forTraining: Bool, precision: Precision = .float32,
    sequences: Int = .max, pool: WorkerPool = WorkerPool(threads: 1)
  ) -> Weights<S> {
    var weights = Weights(parameters, precision: precision)
    weights.pack(stack, forTraining: forTraining, sequences: sequences, pool: pool)
    // Packed products alone give a row the same bits whatever rows stand beside it.
    for parameter in layout.parameters where parameter.name.hasPrefix("pooling.") {
      if parameter.role == .weight { weights.pack(parameter) }
    }
    weights.pack(head.weight)
    return weights
  }

  /// The tables of the first layer, one per direction.
  package func projections<S>(
    _ weights: Weights<S>, mask: Tensor<S>? = nil, pool: WorkerPool = WorkerPool(threads: 1)
  ) -> [SymbolProjection<S>] {
    stack.layers[0].map { SymbolProjection(embedding, $0, mask: mask, weights, pool: pool) }
  }

  /// The logits of a batch, `[N, K]`, in the batch's order.
  package func logits<S>(
    _ batch: ClassifierBatch, _ projections: [SymbolProjection<S>], _ weights: Weights<S>
  ) -> Tensor<S> {
    let run = stack.run(
      projected: projections.map { $0.forward(batch.ids) }, batch.layout, weights,
      keepsCache: false)
    let pooled = pooling.forward(
      run.output, final: run.finalHidden, batch.layout, weights, keepsCache: false
    ).y
    var logits = head.forward(pooled, weights)
    bag?.forward(batch.features, addingTo: &logits, weights)
    return logits
  }
}
