/// Dropout in and around recurrent layers.
package struct StackDropout: Sendable {
  /// Of what passes between layers, anew at every step (Zaremba, Sutskever and Vinyals, 2014).
  package var layers: Dropout
  /// The same with one mask for all steps of a sequence, on the hidden state too (Gal and Ghahramani,
  /// 2016).
  package var variational: Dropout

  package init(layers: Double = 0, variational: Double = 0) {
    self.layers = Dropout(layers)
    self.variational = Dropout(variational)
  }

  /// A mask on the steps of all sequences, `[M, width]`; `nil` where nothing is dropped.
  func mask<S: Scalar>(
    _ width: Int, _ layout: SequenceLayout, using random: inout RandomGenerator
  ) -> Tensor<S>? {
    if variational.probability > 0 {
      let one: Tensor<S> = variational.mask([layout.batchCount, width], using: &random)
      return one.repeated(over: layout)
    }
    return layers.probability > 0
      ? layers.mask([layout.rowCount, width], using: &random) : nil
  }

  /// A mask on numbers that are no steps; `nil` where nothing is dropped.
  func mask<S: Scalar>(_ shape: [Int], using random: inout RandomGenerator) -> Tensor<S>? {
    let dropout = variational.probability > 0 ? variational : layers
    return dropout.probability > 0 ? dropout.mask(shape, using: &random) : nil
  }
}

extension RecurrentStack {
  /// The masks within the stack.
  func masks<S>(
    _ dropout: StackDropout, _ layout: SequenceLayout, using random: inout RandomGenerator
  ) -> Masks<S> {
    var masks = Masks<S>()
    for _ in 1..<max(1, layers.count) {
      if let between: Tensor<S> = dropout.mask(outputSize, layout, using: &random) {
        masks.between.append(between)
      }
    }
    if dropout.variational.probability > 0 {
      masks.recurrent = layers.map { directions in
        directions.map {
          dropout.variational.mask([layout.batchCount, $0.hiddenSize], using: &random)
        }
      }
    }
    return masks
  }
}
