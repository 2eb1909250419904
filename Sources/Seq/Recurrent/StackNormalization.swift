/// What happens to each layer's output before the layer above reads it. The recurrent path itself is
/// left alone: to normalise it too has been found not to help (Laurent et al., 2016, section 3).
public enum StackNormalization: String, Codable, Sendable, Hashable, CaseIterable {
  case none
  /// Each step of each sequence by itself (`LayerNorm`).
  case layer
  /// Each unit over all steps of all sequences (`BatchNorm`; "sequence-wise" in Laurent et al., section
  /// 4.2). In training a step is then judged with statistics that know of later ones.
  case batch

  func layer(_ name: String, size: Int, in layout: inout ParameterLayout) -> StackNorm? {
    switch self {
    case .none: nil
    case .layer: .layer(LayerNorm(name, size: size, in: &layout))
    case .batch: .batch(BatchNorm(name, channels: size, in: &layout))
    }
  }
}

/// The normalisation of one layer's output, `[M, W]` to `[M, W]`.
public enum StackNorm: Sendable {
  case layer(LayerNorm)
  case batch(BatchNorm)

  func forward<S>(
    _ x: Tensor<S>, _ weights: Weights<S>, inTraining: Bool
  ) -> (y: Tensor<S>, cache: Cache<S>) {
    switch self {
    case .layer(let norm):
      let (y, cache) = norm.forward(x, weights)
      return (y, .layer(norm, cache))
    case .batch(let norm):
      let (y, cache) = norm.forward(x, weights, inTraining: inTraining)
      return (y, .batch(norm, cache))
    }
  }

  /// What the way back needs.
  public enum Cache<S: Scalar>: Sendable {
    case layer(LayerNorm, LayerNorm.Cache<S>)
    case batch(BatchNorm, BatchNorm.Cache<S>)

    /// From the gradient of y to that of x; adds those of the parameters.
    ///
    /// - Parameter share: of the batch's steps, those of this shard.
    func backward(
      _ dy: Tensor<S>, _ weights: Weights<S>, share: Double, into gradients: inout Gradients<S>
    ) -> Tensor<S> {
      switch self {
      case .layer(let norm, let cache):
        norm.backward(dy, cache, weights, into: &gradients)
      case .batch(let norm, let cache):
        norm.backward(dy, cache, weights, share: share, into: &gradients)
      }
    }
  }
}
