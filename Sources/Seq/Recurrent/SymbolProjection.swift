/// The input part of a first layer whose input is an embedded symbol: with a vocabulary smaller
/// than the batch, a **table** instead of a product over all steps,
/// ```
/// table = E W_ih^T + b_ih   [V, G H]        x_m = table[id_m]
/// ```
/// which is the same arithmetic on each distinct symbol once: V rows instead of M. Backward, the
/// gradients are summed per symbol first:
/// ```
/// dTable[v] = Σ dx_m over m with id_m = v    dW_ih = dTable^T E    dE = dTable W_ih
/// ```
public struct SymbolProjection<S: Scalar>: Sendable {
  let embedding: Embedding
  let layer: RecurrentLayer
  /// The embedding that was used, with its dropout mask applied, `[V, D]`.
  private let embedded: Tensor<S>
  private let mask: Tensor<S>?
  /// `[V, G H]`.
  public let table: Tensor<S>

  /// Computes the table: 2 V D G H operations.
  ///
  /// - Parameter mask: a dropout mask on the embedding, `[V, D]`: the same for every occurrence of
  ///   a symbol in the batch.
  public init(
    _ embedding: Embedding, _ layer: RecurrentLayer, mask: Tensor<S>? = nil, _ weights: Weights<S>
  ) {
    self.embedding = embedding
    self.layer = layer
    self.mask = mask
    var embedded = Tensor<S>(uninitialized: [embedding.symbolCount, embedding.size])
    let (values, count) = (weights.pointer(embedding.weight), embedded.count)
    let target = embedded.mutablePointer
    if let mask {
      for i in 0..<count { target[i] = values[i] * mask.pointer[i] }
    } else {
      target.update(from: values, count: count)
    }
    self.embedded = embedded
    self.table = layer.project(embedded, weights).matrix
  }

  /// The input part of M steps that read these symbols, each of them less than V.
  public func forward(_ ids: [Int32]) -> ProjectedInput<S> {
    ProjectedInput(table: table, rows: ids)
  }

  /// Adds the gradients of the embedding, W_ih and b_ih.
  public func backward(
    _ dx: Tensor<S>, ids: [Int32], _ weights: Weights<S>, into gradients: inout Gradients<S>
  ) {
    var dTable = Tensor<S>(zeros: [embedding.symbolCount, layer.gateSize])
    S.scatterAddRows(dx.pointer, ids: ids, columns: layer.gateSize, into: dTable.mutablePointer)
    var dEmbedded = layer.projectBackward(dTable, input: embedded, weights, into: &gradients)
    if let mask {
      let d = dEmbedded.mutablePointer
      for i in 0..<dEmbedded.count { d[i] *= mask.pointer[i] }
    }
    S.add(dEmbedded.pointer, to: gradients.pointer(embedding.weight), count: dEmbedded.count)
  }
}
