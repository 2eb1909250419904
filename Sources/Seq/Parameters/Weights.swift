/// A model's parameters during one step: fixed, shared by all shards, with the matrices that many
/// products use laid out once for the kernels.
public struct Weights<S: Scalar>: Sendable {
  public let vector: ParameterVector<S>
  private let precision: Precision
  /// The threads that share each product, where there is no other shard to keep them busy.
  var sharing: WorkerPool?
  private var packed: [PackedKey: any LaidOutMatrix<S>] = [:]

  private struct PackedKey: Hashable {
    let offset: Int
    let isTransposed: Bool
  }

  /// - Parameter precision: in what form matrices are laid out.
  public init(_ vector: ParameterVector<S>, precision: Precision = .float32) {
    self.vector = vector
    self.precision = precision
  }

  /// The first element of a parameter.
  func pointer(_ parameter: Parameter) -> UnsafePointer<S> { vector.pointer(parameter) }

  /// Lays out a matrix `[outputs, inputs]` for `product`, or for its transpose.
  ///
  /// - Parameter values: numbers to take in place of the parameter's own (a masked copy).
  package mutating func pack(
    _ parameter: Parameter, transposed: Bool = false, values: Tensor<S>? = nil
  ) {
    packed[PackedKey(offset: parameter.offset, isTransposed: transposed)] = laidOut(
      parameter, transposed: transposed, values: values)
  }

  /// Lays out several matrices, on several threads where there is enough to do.
  mutating func pack(_ matrices: [(Parameter, transposed: Bool)], pool: WorkerPool) {
    let (weights, results) = (self, Slots<(any LaidOutMatrix<S>)?>(matrices.count) { _ in nil })
    let isMuch = matrices.reduce(0) { $0 + $1.0.count } > 4 * WorkerPool.smallBlockSize
    let pool = isMuch ? pool : WorkerPool(threads: 1)
    pool.run(matrices.count) {
      results[$0] = weights.laidOut(matrices[$0].0, transposed: matrices[$0].transposed)
    }
    for (i, (parameter, transposed)) in matrices.enumerated() {
      packed[PackedKey(offset: parameter.offset, isTransposed: transposed)] = results[i]
    }
  }

  private func laidOut(
    _ parameter: Parameter, transposed: Bool, values: Tensor<S>? = nil
  ) -> any LaidOutMatrix<S> {
    let (rows, columns) = (parameter.shape[0], parameter.shape[1])
    let (outputs, inputs) = transposed ? (columns, rows) : (rows, columns)
    return S.laidOut(
      WeightMatrix(
        values: values?.pointer ?? pointer(parameter), outputs: outputs, inputs: inputs,
        isTransposed: transposed), precision)
  }

  /// The packed form of a matrix, if it was packed.
  func packed(_ parameter: Parameter, transposed: Bool) -> (any LaidOutMatrix<S>)? {
    packed[PackedKey(offset: parameter.offset, isTransposed: transposed)]
  }

  /// C = A W^T + bias, with W `[outputs, inputs]`; or C = A W where `transposed`, with W `[inputs,
  /// outputs]`. A is `[m, inputs]`, C is `[m, outputs]`.
  func product(
    _ a: UnsafePointer<S>, lda: Int, rows m: Int, with weight: Parameter, transposed: Bool = false,
    bias: Parameter? = nil, accumulates: Bool = false, into c: UnsafeMutablePointer<S>, ldc: Int
  ) {
    let (rows, columns) = (weight.shape[0], weight.shape[1])
    let (outputs, inputs) = transposed ? (columns, rows) : (rows, columns)
    let biasPointer = bias.map { pointer($0) }
    if let matrix = packed(weight, transposed: transposed) {
      matrix.multiply(
        RowProduct(
          m: m, outputs: outputs, inputs: inputs, a: a, lda: lda, bias: biasPointer,
          accumulates: accumulates, c: c, ldc: ldc, sharing: sharing))
      return
    }
    if let biasPointer, !accumulates {
      for i in 0..<m { (c + i * ldc).update(from: biasPointer, count: outputs) }
    }
    S.multiply(
      MatrixProduct(
        m: m, n: outputs, k: inputs, a: a, lda: lda, b: pointer(weight), ldb: columns,
        transposeB: !transposed, beta: accumulates || bias != nil ? 1 : 0, c: c, ldc: ldc,
        sharing: sharing))
  }
}
