/// A conditional random field over the tags of a sentence (Lafferty, McCallum and Pereira, 2001), on
/// top of a network (Huang, Xu and Yu, 2015):
/// ```
/// score(y) = a_{y_1} + Σ_t z_t[y_t] + Σ_t A[y_{t-1}, y_t] + e_{y_T}
/// loss     = -log p(y) = log Σ_{y'} e^score(y') - score(y)
/// d loss / d z_t[j] = p(y_t = j) - [y_t = j]     d loss / d A[i, j] = E[n_ij] - n_ij(y)
/// ```
/// z `[M, K]` comes from the network; a `[K]`, A `[K, K]` and e `[K]` are parameters. All is computed
/// in Double, whatever S is: K is small, and the sums run over whole sentences.
public struct LinearChainCRF: Sendable {
  /// K.
  public let tagCount: Int
  public let start: Parameter
  public let transitions: Parameter
  public let end: Parameter

  /// Adds `name.start`, `name.transitions` and `name.end` to `layout`.
  public init(_ name: String, tags: Int, in layout: inout ParameterLayout) {
    tagCount = tags
    start = layout.add("\(name).start", [tags], .bias)
    transitions = layout.add("\(name).transitions", [tags, tags])
    end = layout.add("\(name).end", [tags], .bias)
  }

  func scores<S>(_ weights: ParameterVector<S>) -> ChainScores {
    ChainScores(
      start: weights[start].map { Double($0) },
      transitions: weights[transitions].map { Double($0) }, end: weights[end].map { Double($0) })
  }

  /// The summed loss of N sentences in nats, and the gradient of z times `scale`, which takes the
  /// place of z; adds those of the parameters.
  ///
  /// - Parameter tags: y of every row, `[M]`.
  public func lossAndGradient<S>(
    _ z: inout Tensor<S>, tags: [Int32], _ layout: SequenceLayout, scale: S,
    _ weights: Weights<S>, into gradients: inout Gradients<S>
  ) -> Double {
    let (scores, k) = (scores(weights.vector), tagCount)
    let factor = Double(scale)
    var loss = 0.0
    var dStart = [Double](repeating: 0, count: k)
    var dEnd = dStart
    var dPairs = [Double](repeating: 0, count: k * k)
    let values = z.mutablePointer
    for n in 0..<layout.batchCount {
      let rows = layout.rows(of: n)
      let sentence = rows.flatMap { row in (0..<k).map { Double(values[row * k + $0]) } }
      let truth = rows.map { Int(tags[$0]) }
      let posterior = ChainPosterior(scores, sentence)
      loss += posterior.logPartition - scores.score(of: truth, sentence)
      var d = [Double](repeating: 0, count: sentence.count)
      posterior.addExpectations(weight: factor, tags: &d, pairs: &dPairs)
      for (t, tag) in truth.enumerated() {
        d[t * k + tag] -= factor
        if t > 0 { dPairs[truth[t - 1] * k + tag] -= factor }
      }
      for j in 0..<k {
        dStart[j] += d[j]
        dEnd[j] += d[d.count - k + j]
      }
      for (t, row) in rows.enumerated() {
        for j in 0..<k { values[row * k + j] = S(d[t * k + j]) }
      }
    }
    for (parameter, values) in [(start, dStart), (transitions, dPairs), (end, dEnd)] {
      let target = gradients.pointer(parameter)
      for (i, value) in values.enumerated() { target[i] += S(value) }
    }
    return loss
  }
}

extension SequenceLayout {
  /// The rows of sequence `n`, in order of time.
  func rows(of n: Int) -> [Int] { (0..<lengths[n]).map { row(step: $0, sequence: n) } }
}
