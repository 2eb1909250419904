import Pipeline

/// What training a tagger leaves out at random.
package struct TaggerDropout: Sendable {
  /// Numbers of the input, between layers, and of the output.
  package var stack: StackDropout
  /// Words, which then are unknown ones: so the speller learns to do without them.
  package var words: Dropout

  package init(layers: Double = 0, variational: Double = 0, words: Double = 0) {
    stack = StackDropout(layers: layers, variational: variational)
    self.words = Dropout(words)
  }
}

extension TaggerNetwork {
  /// The summed loss of a batch in nats; adds the gradients of the loss times `scale`, those of the speller's
  /// tables for `SymbolProjection.finishBackward`.
  ///
  /// - Parameter tags: the tag of every row, `[M]`.
  package func lossAndGradients<S>(
    _ batch: TaggerBatch, tags: [Int32], _ projections: [SymbolProjection<S>],
    dropout: TaggerDropout, scale: S, _ weights: Weights<S>,
    using random: inout RandomGenerator, into gradients: inout Gradients<S>
  ) -> Double {
    var batch = batch
    dropWords(&batch.ids, dropout.words, &random)
    let layout = batch.layout
    let inputMask: Tensor<S>? = dropout.stack.mask(
      stack.layers[0][0].inputSize, layout, using: &random)
    let masks: RecurrentStack.Masks<S> = stack.masks(dropout.stack, layout, using: &random)
    let outputMask: Tensor<S>? = dropout.stack.mask(stack.outputSize, layout, using: &random)
    let spelled = spell(batch, projections, weights, keepsCache: true)
    var input = input(batch, spelled, weights)
    if let mask = inputMask { input.multiply(by: mask) }
    let run = stack.run(
      projected: stack.layers[0].map { $0.project(input, weights) }, layout,
      masks: masks, weights, keepsCache: true)
    var output = run.output
    if let mask = outputMask { output.multiply(by: mask) }
    var scores = head.forward(output, weights)

    let loss =
      crf?.lossAndGradient(
        &scores, tags: tags, layout, scale: scale, weights, into: &gradients)
      ?? SoftmaxCrossEntropy.lossesAndGradient(&scores, classes: tags, scale: scale).reduce(0, +)

    var dOutput = head.backward(scores, x: output, weights, into: &gradients)
    if let mask = outputMask { dOutput.multiply(by: mask) }
    let (dProjected, _) = stack.runBackward(
      dOutput, final: stack.zeroStates(layout.batchCount), run, layout,
      masks: masks, weights, into: &gradients)
    var dInput = Tensor<S>(zeros: input.shape)
    for (layer, dx) in zip(stack.layers[0], dProjected) {
      dInput.add(layer.projectBackward(dx, input: input, weights, into: &gradients))
    }
    if let mask = inputMask { dInput.multiply(by: mask) }
    inputBackward(dInput, batch, spelled, projections, weights, into: &gradients)
    return loss
  }

  /// From the gradient of x to those of words, characters and the speller.
  private func inputBackward<S>(
    _ dInput: Tensor<S>, _ batch: TaggerBatch, _ spelled: RecurrentStack.Run<S>?,
    _ projections: [SymbolProjection<S>], _ weights: Weights<S>,
    into gradients: inout Gradients<S>
  ) {
    let width = dInput.columns
    embedding.backward(
      dInput.columns(from: 0, count: embedding.size, of: width), ids: batch.ids,
      into: &gradients)
    guard let speller, let spelled, let spelling = batch.spelling else { return }
    let states = width - embedding.size
    let rows = dInput.columns(from: embedding.size, count: states, of: width)
    var dFinal = Tensor<S>(zeros: [spelling.layout.batchCount, states])
    S.scatterAddRows(
      rows.pointer, ids: spelling.sequences, columns: states, into: dFinal.mutablePointer)
    let (dProjected, _) = speller.stack.runBackward(
      nil, final: speller.stack.states(finalHidden: dFinal), spelled, spelling.layout, weights,
      into: &gradients)
    for (projection, dx) in zip(projections, dProjected) {
      projection.backward(dx, ids: spelling.ids, into: &gradients)
    }
  }

  private func dropWords(
    _ ids: inout [Int32], _ dropout: Dropout, _ random: inout RandomGenerator
  ) {
    guard dropout.probability > 0 else { return }
    for i in ids.indices where random.uniform() < dropout.probability {
      ids[i] = Int32(options.unknown)
    }
  }
}
