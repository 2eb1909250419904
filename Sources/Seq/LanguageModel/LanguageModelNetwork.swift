/// The network of a language model: from each symbol, the distribution of the next.
/// ```
/// e_t = E[symbol_t]    h_t = recurrent(e_t, h_{t-1})    logits_t = W h_t + b
/// ```
/// with E `[V, D]`, W `[V, H]`; where they are tied, W = E. What leaves a recurrent layer upwards may
/// be normalised (`StackNormalization`).
package struct LanguageModelNetwork: Sendable {
  package let options: LanguageModelOptions
  package let layout: ParameterLayout
  package let embedding: Embedding
  package let stack: RecurrentStack
  /// W, which is E where they are tied.
  package let outputWeight: Parameter
  package let outputBias: Parameter

  /// - Throws: where the options have no meaning.
  package init(_ options: LanguageModelOptions) throws {
    try options.validate()
    self.options = options
    var layout = ParameterLayout()
    embedding = Embedding(
      "embedding", symbolCount: options.symbols, size: options.embedding, in: &layout)
    stack = RecurrentStack(
      cell: try Cells.named(options.cell), inputSize: options.embedding,
      hiddenSize: options.hidden, layerCount: options.layers, isBidirectional: false,
      normalization: options.normalization, in: &layout)
    outputWeight =
      options.tied
      ? embedding.weight : layout.add("decoder.weight", [options.symbols, options.hidden])
    outputBias = layout.add("decoder.bias", [options.symbols], .bias)
    self.layout = layout
  }

  /// The state before a text, for `count` sequences.
  package func initialState<S: Scalar>(_ count: Int, _: S.Type = S.self) -> [[RecurrentState<S>]] {
    stack.zeroStates(count)
  }

  /// Lays out the matrices that every step multiplies by. In inference a row's result then does
  /// not depend on the rows beside it. In training the others meet all rows of a window at once,
  /// which the BLAS multiplies faster where there are many outputs.
  package func weights<S>(
    _ parameters: ParameterVector<S>, forTraining: Bool, precision: Precision = .float32
  ) -> Weights<S> {
    var weights = Weights(parameters, precision: precision)
    for layer in stack.layers.joined() {
      weights.pack(layer.weightHH)
      if forTraining {
        weights.pack(layer.weightHH, transposed: true)
      } else {
        weights.pack(layer.weightIH)
      }
    }
    let hasFewOutputs = options.symbols <= 512
    if !forTraining || hasFewOutputs { weights.pack(outputWeight) }
    if forTraining && hasFewOutputs { weights.pack(outputWeight, transposed: true) }
    return weights
  }

  /// W h + b for M rows, `[M, V]`.
  func logits<S>(_ hidden: Tensor<S>, _ weights: Weights<S>) -> Tensor<S> {
    var logits = Tensor<S>(uninitialized: [hidden.rows, options.symbols])
    weights.product(
      hidden.pointer, lda: options.hidden, rows: hidden.rows, with: outputWeight,
      bias: outputBias, into: logits.mutablePointer, ldc: options.symbols)
    return logits
  }

  /// The first layer's table for inference, where it costs less than a product per step.
  package func table<S>(_ weights: Weights<S>) -> SymbolProjection<S>? {
    let size = options.symbols * options.hidden
    return size <= 1 << 22 ? SymbolProjection(embedding, stack.layers[0][0], weights) : nil
  }

  /// Reads symbols in inference and leaves the state behind: `[M, V]` logits.
  package func read<S>(
    _ ids: [Int32], _ layout: SequenceLayout, from state: inout [[RecurrentState<S>]],
    _ table: SymbolProjection<S>?, _ weights: Weights<S>
  ) -> Tensor<S> {
    let projected =
      table?.forward(ids)
      ?? stack.layers[0][0].project(embedding.forward(ids, weights), weights)
    let run = stack.run(
      projected: [projected], layout, from: state, weights, keepsCache: false)
    state = run.final
    return logits(run.output, weights)
  }
}
