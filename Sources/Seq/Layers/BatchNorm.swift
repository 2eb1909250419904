/// Batch normalisation (Ioffe and Szegedy, 2015) of each channel, over rows `[M, C]` or images
/// `[N, C, H, W]`, as PyTorch defines it:
/// ```
/// y = γ_c x̂ + β_c        x̂ = (x - μ_c) / √(σ²_c + 1e-5)
/// ```
/// In training μ and σ² are the mean and the biased variance of the m = M or N H W numbers of the
/// channel; in inference they are the running statistics.
///
/// A batch is cut into shards, which are computed by themselves: the statistics are those of the
/// **shard** ("ghost batch normalisation": Hoffer, Hubara and Soudry, 2017, which generalises better
/// than statistics of a large batch). Each shard adds its mean and its unbiased variance, times its share of the
/// batch, where the gradients of the running statistics would stand; once they are summed, the
/// `Learner` moves the running ones a tenth of the way there. So they depend neither on threads nor on
/// order, and stand in every model file and checkpoint, under PyTorch's names.
public struct BatchNorm: Sendable {
  /// C.
  public let channels: Int
  /// γ and β, `[C]`; they begin as 1 and 0, and neither decays.
  public let weight: Parameter
  public let bias: Parameter
  /// μ and σ² of inference, `[C]`; they begin as 0 and 1.
  public let runningMean: Parameter
  public let runningVariance: Parameter

  /// How far the running statistics move towards those of a batch.
  public static let momentum = 0.1
  /// What is added to a variance.
  public static let epsilon = 1e-5

  /// Adds `name.weight`, `.bias`, `.running_mean` and `.running_var` to `layout`.
  public init(_ name: String, channels: Int, in layout: inout ParameterLayout) {
    self.channels = channels
    weight = layout.add("\(name).weight", [channels], .bias)
    bias = layout.add("\(name).bias", [channels], .bias)
    runningMean = layout.add("\(name).running_mean", [channels], .statistic)
    runningVariance = layout.add("\(name).running_var", [channels], .statistic)
  }

  /// What the backward pass needs.
  public struct Cache<S: Scalar>: Sendable {
    /// x̂, of the shape of x.
    var normalized: Tensor<S>
    /// 1 / √(σ² + 1e-5).
    var inverse: [S]
    /// Whether the statistics are those of x; else the running ones.
    var isOwn: Bool
    /// μ and the unbiased σ², `[C]`.
    var mean: [Double]
    var variance: [Double]
  }

  /// - Parameter inTraining: whether to take the statistics of x itself. Where x has a single number
  ///   for each channel it has no variance, and the running ones are taken all the same.
  public func forward<S>(
    _ x: Tensor<S>, _ weights: Weights<S>, inTraining: Bool
  ) -> (y: Tensor<S>, cache: Cache<S>) {
    let rows = ChannelRows(x.shape, channels: channels)
    let from = x.pointer
    var mean = weights.values(runningMean)
    var variance = weights.values(runningVariance)
    let takesOwn = inTraining && rows.count > 1
    if takesOwn {
      mean = rows.means { _, row in S.sum(from + row.lowerBound, count: row.count) }
      variance = rows.means { c, row in
        S.sumOfSquares(from + row.lowerBound, around: S(mean[c]), count: row.count)
      }
    }
    let inverse = variance.map { S(1 / ($0 + Self.epsilon).squareRoot()) }
    var normalized = Tensor<S>(uninitialized: x.shape)
    var y = Tensor<S>(uninitialized: x.shape)
    let (hat, out) = (normalized.mutablePointer, y.mutablePointer)
    let (gains, shifts) = (weights.pointer(weight), weights.pointer(bias))
    rows.forEachRow { c, row in
      let (center, factor, gain, shift) = (S(mean[c]), inverse[c], gains[c], shifts[c])
      for i in row {
        let value = (from[i] - center) * factor
        hat[i] = value
        out[i] = gain * value + shift
      }
    }
    // Unbiased: what the running variance is to estimate.
    let unbiased = Double(rows.count) / Double(max(1, rows.count - 1))
    return (
      y,
      Cache(
        normalized: normalized, inverse: inverse, isOwn: takesOwn, mean: mean,
        variance: takesOwn ? variance.map { $0 * unbiased } : variance)
    )
  }

  /// With the statistics of x, where dγ = Σ dy x̂ and dβ = Σ dy over the m numbers of a channel:
  /// ```
  /// dx = γ / √(σ² + 1e-5) (dy - dβ / m - x̂ dγ / m)
  /// ```
  /// With the running ones dx is its first term alone. Adds dγ and dβ, and the statistics.
  ///
  /// - Parameter share: of the batch's records, those of this shard; the shares of a batch sum to 1.
  public func backward<S>(
    _ dy: Tensor<S>, _ cache: Cache<S>, _ weights: Weights<S>, share: Double = 1,
    into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    let rows = ChannelRows(dy.shape, channels: channels)
    let (d, hat) = (dy.pointer, cache.normalized.pointer)
    let meanShift = rows.means { _, row in S.sum(d + row.lowerBound, count: row.count) }
    let meanGain = rows.means { _, row in
      S.dot(d + row.lowerBound, hat + row.lowerBound, count: row.count)
    }
    add(meanGain, times: Double(rows.count), to: weight, &gradients)
    add(meanShift, times: Double(rows.count), to: bias, &gradients)
    add(cache.mean, times: share, to: runningMean, &gradients)
    add(cache.variance, times: share, to: runningVariance, &gradients)
    var dx = Tensor<S>(uninitialized: dy.shape)
    let (out, gains) = (dx.mutablePointer, weights.pointer(weight))
    let own: S = cache.isOwn ? 1 : 0
    rows.forEachRow { c, row in
      let factor = gains[c] * cache.inverse[c]
      let (shift, gain) = (own * S(meanShift[c]), own * S(meanGain[c]))
      for i in row { out[i] = factor * (d[i] - shift - hat[i] * gain) }
    }
    return dx
  }

  /// Inference as y = a x + b: a = γ / √(σ² + 1e-5) and b = β - a μ, `[C]` each.
  func inference(_ weights: ParameterVector<Float>) -> (a: Tensor<Float>, b: Tensor<Float>) {
    let a = zip(weights[weight], weights[runningVariance]).map { gain, variance in
      Double(gain) / (Double(variance) + Self.epsilon).squareRoot()
    }
    let b = zip(zip(weights[bias], weights[runningMean]), a).map { pair, a in
      Double(pair.0) - a * Double(pair.1)
    }
    return (Tensor([channels], a.map { Float($0) }), Tensor([channels], b.map { Float($0) }))
  }

  private func add<S>(
    _ values: [Double], times factor: Double, to parameter: Parameter,
    _ gradients: inout Gradients<S>
  ) {
    let target = gradients.pointer(parameter)
    for c in 0..<channels { target[c] += S(values[c] * factor) }
  }
}

/// How the numbers of each channel stand in memory: pieces of consecutive ones.
private struct ChannelRows {
  private let records: Int
  private let channels: Int
  private let length: Int

  init(_ shape: [Int], channels: Int) {
    precondition(
      shape.count > 1 && shape[1] == channels, "[M, \(channels)], or [N, \(channels), H, W]")
    records = shape[0]
    self.channels = channels
    length = shape.dropFirst(2).reduce(1, *)
  }

  /// m: the numbers of a channel.
  var count: Int { records * length }

  /// Calls `body` with each channel and a range of its numbers, record by record.
  @inline(__always)
  func forEachRow(_ body: (_ channel: Int, _ row: Range<Int>) -> Void) {
    var start = 0
    for _ in 0..<records {
      for c in 0..<channels {
        body(c, start..<start + length)
        start += length
      }
    }
  }

  /// For each channel, the sum of `body` over its numbers, divided by how many those are.
  @inline(__always)
  func means(_ body: (_ channel: Int, _ row: Range<Int>) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: channels)
    forEachRow { c, row in sums[c] += body(c, row) }
    let share = 1 / Double(max(1, count))
    return sums.map { $0 * share }
  }
}

extension Weights {
  fileprivate func values(_ parameter: Parameter) -> [Double] {
    let first = pointer(parameter)
    return (0..<parameter.count).map { Double(first[$0]) }
  }
}
