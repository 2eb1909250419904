import CKernels
import Glibc

/// What this machine has for matrix products.
public enum LinearAlgebra {
  /// Whether a BLAS was found and there is room for it; opens it. Without one a `MatrixProduct` that neither sums
  /// outer products nor has one row is computed by plain loops, whose results differ in their last bits.
  public static var hasBLAS: Bool { seq_has_blas() }
}

/// Float runs on the BLAS and the C kernels.
extension Float: Scalar {
  public static func exp(_ x: Float) -> Float { Glibc.expf(x) }
  public static func log(_ x: Float) -> Float { Glibc.logf(x) }
  public static func tanh(_ x: Float) -> Float { Glibc.tanhf(x) }

  public static func multiply(_ p: MatrixProduct<Float>) {
    if p.sumsOuterProducts {
      // Faster than the BLAS, by up to a fifth (docs/performance.md).
      var scratch = Tensor<Float>(uninitialized: [seq_outer_scratch(Int32(p.n), Int32(p.k))])
      seq_outer(
        Int32(p.m), Int32(p.n), Int32(p.k), p.a, Int32(p.lda), p.b, Int32(p.ldb), p.beta == 1, p.c,
        Int32(p.ldc), scratch.mutablePointer)
      return
    }
    if p.isOneRow {
      // A BLAS is slower here: its sgemm copies the weights, its sgemv was half as fast.
      if let pool = p.sharing { return pool.share(seq_shared_product(p)) }
      seq_gemv(!p.transposeB, Int32(p.n), Int32(p.k), p.a, p.b, Int32(p.ldb), p.beta == 1, p.c)
      return
    }
    seq_gemm(
      p.transposeA, p.transposeB, Int32(p.m), Int32(p.n), Int32(p.k), p.alpha, p.a, Int32(p.lda),
      p.b, Int32(p.ldb), p.beta, p.c, Int32(p.ldc))
  }

  public static func packedCount(outputs: Int, inputs: Int) -> Int {
    seq_packed_count(Int32(outputs), Int32(inputs))
  }

  public static func pack(_ w: WeightMatrix<Float>, into packed: UnsafeMutablePointer<Float>) {
    seq_pack(
      w.isTransposed, Int32(w.outputs), Int32(w.inputs), w.values,
      Int32(w.isTransposed ? w.outputs : w.inputs), packed)
  }

  public static func multiplyPacked(_ p: RowProduct<Float>, by packed: UnsafePointer<Float>) {
    if let pool = p.sharing { return pool.share(seq_shared_product(p, packed)) }
    seq_gemm_packed(
      Int32(p.m), Int32(p.outputs), Int32(p.inputs), p.a, Int32(p.lda), packed, p.bias,
      p.accumulates, p.c, Int32(p.ldc))
  }

  public static func add(
    _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) { seq_add(count, x, y) }

  public static func applyTanh(_ x: UnsafeMutablePointer<Float>, count: Int) {
    seq_tanh(count, x, x)
  }

  public static func scale(_ x: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    seq_scale(count, factor, x)
  }

  public static func maximum(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int, row: Int32,
    rows: UnsafeMutablePointer<Int32>?
  ) {
    if let rows { seq_max_from(count, x, y, row, rows) } else { seq_max(count, x, y) }
  }

  public static func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    seq_sum_squares(count, x)
  }

  public static func addRows(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, ld: Int,
    to y: UnsafeMutablePointer<Float>
  ) { seq_add_rows(Int32(rows), Int32(columns), x, Int32(ld), y) }

  public static func logSoftmax(_ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    seq_log_softmax(Int32(rows), Int32(columns), x)
  }

  public static func crossEntropy(
    _ logits: UnsafeMutablePointer<Float>, targets: [Int32], columns: Int, scale: Float
  ) -> [Double] {
    var losses = [Double](repeating: 0, count: targets.count)
    seq_cross_entropy(
      Int32(targets.count), Int32(columns), logits, targets, scale, logits, &losses)
    return losses
  }

  public static func gatherRows(
    _ table: UnsafePointer<Float>, ids: ArraySlice<Int32>, columns: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    let k = Int32(columns)
    ids.withUnsafeBufferPointer {
      seq_gather_rows(Int32($0.count), k, table, k, $0.baseAddress, out, k)
    }
  }

  public static func scatterAddRows(
    _ rows: UnsafePointer<Float>, ids: [Int32], columns: Int,
    into table: UnsafeMutablePointer<Float>
  ) {
    let k = Int32(columns)
    seq_scatter_add_rows(Int32(ids.count), k, rows, k, ids, table, k)
  }
}

/// The steps of the cells.
extension Float {
  public static func lstmStep(_ s: CellStep<Float>) {
    seq_lstm_step(
      Int32(s.rows), Int32(s.hidden), s.sharedRows, s.x, Int32(s.ldx), s.r, s.previousCell, s.cache,
      s.cache.map { $0 + s.rows * 4 * s.hidden }, s.cellState, s.hiddenState)
  }

  public static func lstmStepBackward(_ s: CellStepGradient<Float>) {
    guard let dCell = s.dCell, let previousCell = s.previousCell else { return }
    seq_lstm_step_backward(
      Int32(s.rows), Int32(s.hidden), s.cache, s.cache + s.rows * 4 * s.hidden, previousCell,
      s.dHidden, dCell, s.dx, Int32(4 * s.hidden))
    s.dHidden.update(repeating: 0, count: s.rows * s.hidden)
  }

  public static func gruStep(_ s: CellStep<Float>) {
    seq_gru_step(
      Int32(s.rows), Int32(s.hidden), s.sharedRows, s.x, Int32(s.ldx), s.r, s.previousHidden,
      s.cache, s.hiddenState)
  }

  public static func gruStepBackward(_ s: CellStepGradient<Float>) {
    seq_gru_step_backward(
      Int32(s.rows), Int32(s.hidden), s.cache, s.previousHidden, s.dHidden, s.dx,
      Int32(3 * s.hidden), s.dr, s.dHidden)
  }

  public static func rnnStep(_ s: CellStep<Float>, rectified: Bool) {
    seq_rnn_step(
      rectified, Int32(s.rows), Int32(s.hidden), s.sharedRows, s.x, Int32(s.ldx), s.r,
      s.hiddenState)
  }

  public static func rnnStepBackward(_ s: CellStepGradient<Float>, rectified: Bool) {
    seq_rnn_step_backward(
      rectified, Int32(s.rows), Int32(s.hidden), s.nextHidden, s.dHidden, s.dx, Int32(s.hidden))
    s.dHidden.update(repeating: 0, count: s.rows * s.hidden)
  }
}

extension CellStep {
  fileprivate var sharedRows: seq_step_rows {
    seq_step_rows(x: rowsOfX, r: rowsOfR, previous: rowsOfPrevious)
  }
}

/// The optimisers' passes.
extension Float {
  public static func adamUpdate(_ u: AdamUpdate<Float>) {
    seq_adam(
      u.count, u.weights, u.gradients, u.firstMoment, u.secondMoment, u.learningRate, u.beta1,
      u.beta2, u.epsilon, u.bias1, u.bias2, u.weightDecay, u.isDecoupled, u.gradientScale)
  }
}
