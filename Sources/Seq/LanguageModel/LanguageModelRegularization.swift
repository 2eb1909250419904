/// What training a language model leaves out at random, and the penalties on its activations.
public struct LanguageModelRegularization: Codable, Sendable, Hashable {
  /// The probability of dropping a number of the input, between layers, and of the output, anew at
  /// every step (Zaremba, Sutskever and Vinyals, 2014).
  public var dropout = 0.0
  /// The same with one mask for all steps of a window, on the hidden state too unless the weights
  /// are dropped (Gal and Ghahramani, 2016).
  public var variationalDropout = 0.0
  /// The probability of dropping a symbol's whole embedding for a window (the same, section 4.2).
  public var embeddingDropout = 0.0
  /// The probability of dropping a recurrent weight for a window (Wan et al., 2013; Merity, Keskar
  /// and Socher, 2018).
  public var weightDropout = 0.0
  /// α times the mean square of the output, after dropout (Merity, McCann and Socher, 2017).
  public var activation = 0.0
  /// β times the mean square of the change of the output from step to step (the same).
  public var temporalActivation = 0.0

  public init() {}

  /// - Throws: `SeqError.invalidOption`.
  public func validate() throws {
    for (name, p) in [
      ("dropout", dropout), ("variational-dropout", variationalDropout),
      ("embedding-dropout", embeddingDropout), ("weight-dropout", weightDropout),
    ] where !(0...0.99).contains(p) {
      throw SeqError.invalidOption(name: name, value: "\(p)", reason: "must be from 0 to 0.99")
    }
    for (name, factor) in [
      ("activation", activation), ("temporal-activation", temporalActivation),
    ] where !(0...1e6).contains(factor) {
      throw SeqError.invalidOption(name: name, value: "\(factor)", reason: "must be 0 to 1e6")
    }
  }
}

/// The masks that all shards of a step share: those on weights.
package struct WeightMasks<S: Scalar>: Sendable {
  /// Per layer, on W_hh, `[G H, H]`.
  package var recurrent: [Tensor<S>] = []
  /// On the rows of the embedding, `[V]`.
  package var symbols: Tensor<S>?

  package init() {}
}

extension LanguageModelNetwork {
  package func weightMasks<S: Scalar>(
    _ regularization: LanguageModelRegularization, using random: inout RandomGenerator
  ) -> WeightMasks<S> {
    var masks = WeightMasks<S>()
    if regularization.weightDropout > 0 {
      let dropout = Dropout(regularization.weightDropout)
      masks.recurrent = stack.layers.map { dropout.mask($0[0].weightHH.shape, using: &random) }
    }
    if regularization.embeddingDropout > 0 {
      masks.symbols = Dropout(regularization.embeddingDropout)
        .mask([options.symbols], using: &random)
    }
    return masks
  }

  /// The weights of a training step, the recurrent ones masked.
  package func weights<S>(
    _ parameters: ParameterVector<S>, masks: WeightMasks<S>
  ) -> Weights<S> {
    guard !masks.recurrent.isEmpty else { return weights(parameters, forTraining: true) }
    var weights = Weights(parameters)
    for (directions, mask) in zip(stack.layers, masks.recurrent) {
      let weight = directions[0].weightHH
      var values = Tensor<S>(uninitialized: weight.shape)
      values.mutablePointer.update(from: parameters.pointer(weight), count: weight.count)
      values.multiply(by: mask)
      weights.pack(weight, values: values)
      weights.pack(weight, transposed: true, values: values)
    }
    return weights
  }

  /// The gradients with respect to masked weights become those of the weights.
  package func apply<S>(_ masks: WeightMasks<S>, to gradients: inout Gradients<S>) {
    for (directions, mask) in zip(stack.layers, masks.recurrent) {
      let d = gradients.pointer(directions[0].weightHH)
      for i in 0..<mask.count { d[i] *= mask.pointer[i] }
    }
  }

  /// The masks of one shard of a step.
  func activationMasks<S: Scalar>(
    _ r: LanguageModelRegularization, _ layout: SequenceLayout,
    using random: inout RandomGenerator
  ) -> ActivationMasks<S> {
    var masks = ActivationMasks<S>()
    let (n, m) = (layout.batchCount, layout.rowCount)
    func mask(_ width: Int) -> Tensor<S>? {
      if r.variationalDropout > 0 {
        let one: Tensor<S> = Dropout(r.variationalDropout).mask([n, width], using: &random)
        return one.repeated(over: layout)
      }
      return r.dropout > 0 ? Dropout(r.dropout).mask([m, width], using: &random) : nil
    }
    masks.input = mask(options.embedding)
    for _ in 1..<max(1, stack.layers.count) {
      if let between = mask(options.hidden) { masks.stack.between.append(between) }
    }
    masks.output = mask(options.hidden)
    if r.variationalDropout > 0, r.weightDropout == 0 {
      masks.stack.recurrent = stack.layers.map { _ in
        [Dropout(r.variationalDropout).mask([n, options.hidden], using: &random)]
      }
    }
    return masks
  }
}

/// The masks on what flows through the network.
struct ActivationMasks<S: Scalar> {
  /// `[M, D]`.
  var input: Tensor<S>?
  var stack = RecurrentStack.Masks<S>()
  /// `[M, H]`.
  var output: Tensor<S>?
}
