/// The input part of a first layer whose input is an embedded symbol: with a vocabulary smaller
/// than the batch, a **table** instead of a product over all steps,
/// ```
/// table = E W_ih^T + b_ih   [V, G H]        x_m = table[id_m]
/// ```
/// which is the same arithmetic on each distinct symbol once: V rows instead of M. Backward, the
/// gradients are summed per symbol first, over all shards of a batch, and multiplied once:
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
    self.init(embedding, layer, mask: mask, weights, pool: WorkerPool(threads: 1))
  }

  /// The same on several threads, with the same result.
  package init(
    _ embedding: Embedding, _ layer: RecurrentLayer, mask: Tensor<S>? = nil, _ weights: Weights<S>,
    pool: WorkerPool
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
    var table = Tensor<S>(uninitialized: [embedding.symbolCount, layer.gateSize])
    let result = table.mutablePointer
    pool.runBlocks(embedding.symbolCount, of: Self.rowsOfBlock) { rows in
      weights.product(
        embedded.pointer + rows.lowerBound * embedding.size, lda: embedding.size, rows: rows.count,
        with: layer.weightIH, bias: layer.biasIH,
        into: result + rows.lowerBound * layer.gateSize, ldc: layer.gateSize)
    }
    self.table = table
  }

  /// Rows of the table that one thread computes.
  private static var rowsOfBlock: Int { 32 }

  /// The input part of M steps that read these symbols, each of them less than V.
  public func forward(_ ids: [Int32]) -> ProjectedInput<S> {
    ProjectedInput(table: table, rows: ids)
  }

  /// Adds dTable, V G H numbers that stay with the gradients until `finishBackward`.
  public func backward(_ dx: Tensor<S>, ids: [Int32], into gradients: inout Gradients<S>) {
    S.scatterAddRows(
      dx.pointer, ids: ids, columns: layer.gateSize,
      into: gradients.table(of: layer.weightIH, rows: embedding.symbolCount))
  }

  /// From the sum of all that `backward` added to the gradients of the embedding, W_ih and b_ih: 4 V D G H
  /// operations.
  public func finishBackward(_ weights: Weights<S>, into gradients: inout Gradients<S>) {
    finishBackward(weights, into: &gradients, pool: WorkerPool(threads: 1))
  }

  /// The same on several threads, with the same result.
  package func finishBackward(
    _ weights: Weights<S>, into gradients: inout Gradients<S>, pool: WorkerPool
  ) {
    guard let dTable = gradients.takeTable(of: layer.weightIH) else { return }
    let (symbols, width, size) = (embedding.symbolCount, layer.gateSize, embedding.size)
    let dWeight = gradients.pointer(layer.weightIH)
    var dEmbedded = Tensor<S>(uninitialized: [symbols, size])
    let target = dEmbedded.mutablePointer
    let parts = 4
    // The parts of dW_ih, then those of dE.
    pool.runBlocks(2 * parts, of: 1) { block in
      let part = block.lowerBound % parts
      if block.lowerBound < parts {
        let outputs = width * part / parts..<width * (part + 1) / parts
        S.multiply(
          MatrixProduct(
            m: outputs.count, n: size, k: symbols, a: dTable.pointer + outputs.lowerBound,
            lda: width, transposeA: true, b: embedded.pointer, ldb: size, beta: 1,
            c: dWeight + outputs.lowerBound * size, ldc: size))
      } else {
        let rows = symbols * part / parts..<symbols * (part + 1) / parts
        weights.product(
          dTable.pointer + rows.lowerBound * width, lda: width, rows: rows.count,
          with: layer.weightIH, transposed: true, into: target + rows.lowerBound * size, ldc: size)
      }
    }
    gradients.addSumOfRows(dTable, to: layer.biasIH)
    if let mask { dEmbedded.multiply(by: mask) }
    S.add(dEmbedded.pointer, to: gradients.pointer(embedding.weight), count: dEmbedded.count)
  }
}

extension Array {
  /// Completes the gradients of all of these tables, one per direction.
  package func finishBackward<S>(
    _ weights: Weights<S>, into gradients: inout Gradients<S>,
    pool: WorkerPool = WorkerPool(threads: 1)
  ) where Element == SymbolProjection<S> {
    for projection in self { projection.finishBackward(weights, into: &gradients, pool: pool) }
  }
}
