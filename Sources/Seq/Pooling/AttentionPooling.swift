/// A learnt weighting of the steps (additive attention, Bahdanau, Cho and Bengio, 2015, without a
/// query; Yang et al., 2016, section 2.2):
/// ```
/// u_tn = tanh(W x_tn + b)    s_tn = v · u_tn    a_n = softmax over t of s_n    y_n = Σ_t a_tn x_tn
/// ```
/// with W `[A, W]`, b and v `[A]`.
public struct AttentionPooling: Sendable {
  let projection: Linear
  let context: Linear

  /// Adds `name.projection.*` and `name.context.weight` to `layout`.
  public init(_ name: String, width: Int, in layout: inout ParameterLayout) {
    projection = Linear("\(name).projection", inputs: width, outputs: width, in: &layout)
    context = Linear("\(name).context", inputs: width, outputs: 1, hasBias: false, in: &layout)
  }

  public struct Cache<S: Scalar>: Sendable {
    /// u, `[M, A]`.
    var squashed: Tensor<S>
    /// a, `[M, 1]`.
    var attention: Tensor<S>
  }

  /// `[M, W]` to `[N, W]`.
  public func forward<S>(
    _ x: Tensor<S>, _ layout: SequenceLayout, _ weights: Weights<S>
  ) -> (y: Tensor<S>, cache: Cache<S>) {
    var u = projection.forward(x, weights)
    let squash = u.mutablePointer
    for i in 0..<u.count { squash[i] = S.tanh(squash[i]) }
    var attention = context.forward(u, weights)
    let a = attention.mutablePointer
    var y = Tensor<S>(zeros: [layout.batchCount, x.columns])
    let pooled = y.mutablePointer
    for n in 0..<layout.batchCount {
      let rows = layout.rows(ofSequence: n)
      let largest = rows.reduce(a[n]) { max($0, a[$1]) }
      var sum: S = 0
      for m in rows {
        a[m] = S.exp(a[m] - largest)
        sum += a[m]
      }
      for m in rows {
        a[m] /= sum
        let row = x.row(m)
        for j in 0..<x.columns { pooled[n * x.columns + j] += a[m] * row[j] }
      }
    }
    return (y, Cache(squashed: u, attention: attention))
  }

  /// da_tn = dy_n · x_tn, ds_tn = a_tn (da_tn - Σ_t a_tn da_tn), and so on back to dx.
  public func backward<S>(
    _ dy: UnsafePointer<S>, ld: Int, x: Tensor<S>, _ cache: Cache<S>, _ layout: SequenceLayout,
    _ weights: Weights<S>, into gradients: inout Gradients<S>, dx: inout Tensor<S>
  ) {
    let width = x.columns
    var dScore = Tensor<S>(uninitialized: [x.rows, 1])
    let (ds, d, a) = (dScore.mutablePointer, dx.mutablePointer, cache.attention.pointer)
    for n in 0..<layout.batchCount {
      let dyRow = dy + n * ld
      var expected: S = 0
      for m in layout.rows(ofSequence: n) {
        let row = x.row(m)
        var da: S = 0
        for j in 0..<width {
          da += dyRow[j] * row[j]
          d[m * width + j] += a[m] * dyRow[j]
        }
        ds[m] = da
        expected += a[m] * da
      }
      for m in layout.rows(ofSequence: n) { ds[m] = a[m] * (ds[m] - expected) }
    }
    var du = context.backward(dScore, x: cache.squashed, weights, into: &gradients)
    let (dSquashed, u) = (du.mutablePointer, cache.squashed.pointer)
    for i in 0..<du.count { dSquashed[i] *= 1 - u[i] * u[i] }
    dx.add(projection.backward(du, x: x, weights, into: &gradients))
  }
}

extension SequenceLayout {
  /// The rows of one sequence, step after step.
  func rows(ofSequence n: Int) -> LazyMapSequence<Range<Int>, Int> {
    (0..<lengths[n]).lazy.map { offsets[$0] + n }
  }
}
