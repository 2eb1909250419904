/// dY^T X, the gradient of W `[outputs, inputs]` in Y = X W^T; dY is `[M, outputs]`, X is `[M, inputs]`.
struct OuterProduct<S: Scalar>: Sendable {
  let weight: Parameter
  let dy: Tensor<S>
  let x: Tensor<S>
  /// The rows of both that count.
  let rows: Range<Int>

  /// Adds the rows of the product that belong to some outputs.
  ///
  /// - Parameters:
  ///   - gradient: that of W, of which only these rows are touched.
  ///   - isFirst: whether nothing was written to them yet, not even zeros.
  func add(outputs: Range<Int>, to gradient: UnsafeMutablePointer<S>, isFirst: Bool = false) {
    S.multiply(
      MatrixProduct(
        m: outputs.count, n: x.columns, k: rows.count,
        a: dy.pointer + rows.lowerBound * dy.columns + outputs.lowerBound, lda: dy.columns,
        transposeA: true, b: x.pointer + rows.lowerBound * x.columns, ldb: x.columns,
        beta: isFirst ? 0 : 1,
        c: gradient + outputs.lowerBound * x.columns, ldc: x.columns))
  }

  /// The outputs in pieces for threads: few enough that laying out X for each costs little.
  var pieces: [Range<Int>] {
    let count = dy.columns < 256 ? 1 : dy.columns < 2048 ? 2 : 4
    return (0..<count).map { dy.columns * $0 / count..<dy.columns * ($0 + 1) / count }
  }
}

/// A piece of an outer product that a backward pass left for later, for whichever thread is free.
package struct OuterProductPiece<S: Scalar>: @unchecked Sendable {
  let product: OuterProduct<S>
  package let outputs: Range<Int>
  /// The gradient of W, which nothing else touches until the piece is added.
  let gradient: UnsafeMutablePointer<S>
  /// Whether it holds nothing yet, not even zeros.
  let isFirst: Bool

  package func add() { product.add(outputs: outputs, to: gradient, isFirst: isFirst) }
}
