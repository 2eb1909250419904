public import Pipeline

/// Weights of features (n-grams) straight to the logits: the **wide** part of a wide and deep model
/// (Cheng et al., 2016), logits_n += Σ over the features f of record n of U_f, with U `[F, K]`.
///
/// The table starts at zero. A batch touches few rows; only those get gradients and updates.
public struct FeatureBag: Sendable {
  public let featureCount: Int
  public let classCount: Int
  public let weight: Parameter

  /// Adds `name.weight`, a sparse table, to `layout`.
  public init(_ name: String, features: Int, classes: Int, in layout: inout ParameterLayout) {
    featureCount = features
    classCount = classes
    weight = layout.add("\(name).weight", [features, classes], .sparseTable)
  }

  /// Adds the weights of the kept features to the logits `[N, K]`, each times `scale`.
  public func forward<S>(
    _ bags: FeatureBags, scale: S = 1, addingTo logits: inout Tensor<S>, _ weights: Weights<S>
  ) {
    let table = weights.pointer(weight)
    let z = logits.mutablePointer
    for n in 0..<bags.recordEnds.count {
      let row = z + n * classCount
      for id in bags.ids[bags.range(n)] {
        let u = table + Int(id) * classCount
        for k in 0..<classCount { row[k] += scale * u[k] }
      }
    }
  }

  /// dU_f += scale dlogits_n for every kept feature f of record n.
  public func backward<S>(
    _ dLogits: Tensor<S>, _ bags: FeatureBags, scale: S = 1, into gradients: inout Gradients<S>
  ) {
    for n in 0..<bags.recordEnds.count {
      let row = dLogits.row(n)
      for id in bags.ids[bags.range(n)] {
        let du = gradients.touch(weight, row: Int(id))
        for k in 0..<classCount { du[k] += scale * row[k] }
      }
    }
  }
}
