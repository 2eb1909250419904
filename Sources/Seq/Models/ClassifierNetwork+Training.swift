import Pipeline

/// What training leaves out at random.
package struct ClassifierDropout: Sendable {
  package var embedding: Dropout
  package var between: Dropout
  package var head: Dropout
  package var features: Dropout
  /// One mask per sequence for all steps: on the inputs and on the hidden state (Gal and
  /// Ghahramani, 2016).
  package var variational: Dropout

  package init(
    embedding: Dropout, between: Dropout, head: Dropout, features: Dropout, variational: Dropout
  ) {
    self.embedding = embedding
    self.between = between
    self.head = head
    self.features = features
    self.variational = variational
  }
}

extension ClassifierNetwork {
  /// The summed loss of a batch in nats; adds the gradients of the loss times `scale`, those of the tables
  /// for `SymbolProjection.finishBackward`.
  ///
  /// - Parameters:
  ///   - projections: the first layer's tables, or `nil` to project every step by itself (large
  ///     vocabularies, variational dropout).
  ///   - targets: class distributions in the batch's order, `[N, K]`.
  package func lossAndGradients<S>(
    _ batch: ClassifierBatch, targets: Tensor<S>, _ projections: [SymbolProjection<S>]?,
    dropout: ClassifierDropout, scale: S, _ weights: Weights<S>,
    using random: inout RandomGenerator,
    into gradients: inout Gradients<S>
  ) -> Double {
    let layout = batch.layout
    let masks: RecurrentStack.Masks<S> = self.masks(dropout, layout, &random)
    let input = projections == nil ? embed(batch, dropout, weights, &random) : nil
    let projected =
      projections.map { $0.map { $0.forward(batch.ids) } }
      ?? stack.layers[0].map { $0.project(input?.embedded ?? Tensor(zeros: [0, 0]), weights) }
    let run = stack.run(
      projected: projected, layout, masks: masks, weights, keepsCache: true)
    var (pooled, poolingCache) = pooling.forward(
      run.output, final: run.finalHidden, layout, weights)
    let headMask: Tensor<S>? = dropout.head.maskIfAny(pooled.shape, &random)
    if let headMask { pooled.multiply(by: headMask) }
    let bags = dropout.features.thin(batch.features, &random)
    let bagScale = S(1 / (1 - dropout.features.probability))
    var logits = head.forward(pooled, weights)
    bag?.forward(bags, scale: bagScale, addingTo: &logits, weights)

    let (loss, dLogits) = SoftmaxCrossEntropy.lossAndGradient(
      logits, targets: targets, scale: scale)

    bag?.backward(dLogits, bags, scale: bagScale, into: &gradients)
    var dPooled = head.backward(dLogits, x: pooled, weights, into: &gradients)
    if let headMask { dPooled.multiply(by: headMask) }
    let (dOutput, dFinal) = pooling.backward(
      dPooled, x: run.output, poolingCache, layout, weights, into: &gradients)
    let (dProjected, _) = stack.runBackward(
      dOutput, final: stack.states(finalHidden: dFinal), run, layout, masks: masks, weights,
      into: &gradients)
    if let projections {
      for (projection, dx) in zip(projections, dProjected) {
        projection.backward(dx, ids: batch.ids, into: &gradients)
      }
    } else if let input {
      for (layer, dx) in zip(stack.layers[0], dProjected) {
        var dEmbedded = layer.projectBackward(dx, input: input.embedded, weights, into: &gradients)
        if let mask = input.mask { dEmbedded.multiply(by: mask) }
        embedding.backward(dEmbedded, ids: batch.ids, into: &gradients)
      }
    }
    return loss
  }

  /// Every step's embedded symbol, `[M, D]`, and the mask that was applied.
  private func embed<S>(
    _ batch: ClassifierBatch, _ dropout: ClassifierDropout, _ weights: Weights<S>,
    _ random: inout RandomGenerator
  ) -> (embedded: Tensor<S>, mask: Tensor<S>?) {
    var embedded = embedding.forward(batch.ids, weights)
    let layout = batch.layout
    let mask: Tensor<S>? =
      dropout.variational.maskIfAny([layout.batchCount, embedding.size], &random)
      .map { $0.repeated(over: layout) }
      ?? dropout.embedding.maskIfAny(embedded.shape, &random)
    if let mask { embedded.multiply(by: mask) }
    return (embedded, mask)
  }

  private func masks<S>(
    _ dropout: ClassifierDropout, _ layout: SequenceLayout, _ random: inout RandomGenerator
  ) -> RecurrentStack.Masks<S> {
    var masks = RecurrentStack.Masks<S>()
    let variational = dropout.variational.probability > 0
    if variational {
      masks.recurrent = stack.layers.map { directions in
        directions.map {
          dropout.variational.mask([layout.batchCount, $0.hiddenSize], using: &random)
        }
      }
    }
    for _ in 1..<max(1, stack.layers.count) {
      if variational {
        let mask: Tensor<S> = dropout.variational.mask(
          [layout.batchCount, stack.outputSize], using: &random)
        masks.between.append(mask.repeated(over: layout))
      } else if dropout.between.probability > 0 {
        masks.between.append(
          dropout.between.mask([layout.rowCount, stack.outputSize], using: &random))
      }
    }
    return masks
  }
}

extension Dropout {
  /// A mask, or `nil` where nothing is dropped.
  fileprivate func maskIfAny<S: Scalar>(
    _ shape: [Int], _ random: inout RandomGenerator
  ) -> Tensor<S>? {
    probability > 0 ? mask(shape, using: &random) : nil
  }

  /// Leaves out each feature with probability p.
  fileprivate func thin(_ bags: FeatureBags, _ random: inout RandomGenerator) -> FeatureBags {
    guard probability > 0 else { return bags }
    let threshold = UInt64((probability * 65536).rounded())
    var kept = FeatureBags()
    kept.ids.reserveCapacity(bags.ids.count)
    for record in bags.recordEnds.indices {
      for id in bags.ids[bags.range(record)] where random.next() >> 48 >= threshold {
        kept.ids.append(id)
      }
      kept.recordEnds.append(UInt32(kept.ids.count))
    }
    return kept
  }
}
