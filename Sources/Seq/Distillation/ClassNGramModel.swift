public import Pipeline

/// A generative classifier: for each class an n-gram model of its sequences, smoothed after Witten
/// and Bell (1991), with the model of all classes together below them all:
/// ```
/// p_c(x | h) = λ n_c(h x) / n_c(h) + (1 - λ) p_c(x | h without its first symbol)
/// λ = n_c(h) / (n_c(h) + 2 u_c(h))        p(c | s) ∝ p(c) Π_t p_c(s_t | s_{t-4} ... s_{t-1})
/// ```
/// with n counts and u the number of distinct symbols seen after h. By itself it is a fair
/// classifier; as a teacher it brings what a network does not see (Hinton et al., 2015).
public struct ClassNGramModel: Sendable {
  /// The longest n-gram.
  public let order: Int
  public let labels: [String]
  private let logPriors: [Double]
  /// What follows a context, per class; the last class index stands for all together.
  private var contexts: [Context: Followers] = [:]
  private var counts: [Continuation: Int32] = [:]
  private let symbolCount: Int

  private struct Context: Hashable {
    let group: Int32
    let length: Int32
    /// The symbols, 16 bits each.
    let symbols: UInt64
  }

  private struct Continuation: Hashable {
    let context: Context
    let symbol: Int32
  }

  private struct Followers {
    var total: Int32 = 0
    var distinct: Int32 = 0
  }

  /// Counts the training data.
  ///
  /// - Throws: `SeqError.unusableData` where the vocabulary is too large for it (65,535 symbols).
  public init(
    _ examples: ClassifierExamples, labels: [String], symbolCount: Int, order: Int = 5
  ) throws {
    guard symbolCount < 1 << 16 else {
      throw SeqError.unusableData("an n-gram teacher takes at most 65535 symbols")
    }
    self.order = min(order, 5)
    self.labels = labels
    self.symbolCount = symbolCount
    var priors = [Double](repeating: 0, count: labels.count)
    for label in examples.labels { priors[Int(label)] += 1 }
    let total = Double(max(1, examples.count))
    logPriors = priors.map { Double.log(max($0, 0.5) / total) }
    for record in 0..<examples.count {
      let symbols = examples.ids.ids[examples.ids.range(record)]
      count(symbols, group: examples.labels[record])
      count(symbols, group: Int32(labels.count))
    }
  }

  private mutating func count(_ symbols: ArraySlice<Int32>, group: Int32) {
    var history: UInt64 = 0
    for symbol in symbols {
      for length in 0..<order {
        let context = Context(group: group, length: Int32(length), symbols: history.last(length))
        let key = Continuation(context: context, symbol: symbol)
        let seen = counts[key, default: 0]
        counts[key] = seen + 1
        contexts[context, default: Followers()].total += 1
        if seen == 0 { contexts[context, default: Followers()].distinct += 1 }
      }
      history = history << 16 | UInt64(symbol + 1)
    }
  }

  /// p(x | history) in one group, over `base` where nothing was counted.
  private func probability(
    of symbol: Int32, after history: UInt64, group: Int32, base: Double
  ) -> Double {
    var p = base
    for length in 0..<order {
      let context = Context(group: group, length: Int32(length), symbols: history.last(length))
      guard let followers = contexts[context] else { break }
      let (n, u) = (Double(followers.total), Double(followers.distinct))
      let seen = Double(counts[Continuation(context: context, symbol: symbol)] ?? 0)
      let weight = n / (n + 2 * u)
      p = weight * seen / n + (1 - weight) * p
    }
    return p
  }

  /// The log-probabilities of the classes at temperature τ, `[K]`. O(K order) look-ups a symbol.
  public func logProbabilities(_ symbols: ArraySlice<Int32>, temperature: Double = 1) -> [Float] {
    var scores = logPriors
    var history: UInt64 = 0
    for symbol in symbols {
      let base = probability(
        of: symbol, after: history, group: Int32(labels.count), base: 1 / Double(symbolCount))
      for k in labels.indices {
        scores[k] += Double.log(
          probability(of: symbol, after: history, group: Int32(k), base: base))
      }
      history = history << 16 | UInt64(symbol + 1)
    }
    let largest = scores.max() ?? 0
    let scaled = scores.map { ($0 - largest) / temperature }
    let normalizer = Double.log(scaled.reduce(0) { $0 + Double.exp($1) })
    return scaled.map { Float($0 - normalizer) }
  }

  /// The predictions for a chunk.
  public func predict(
    _ chunk: IDChunk, temperature: Double = 1, threads: Int = 1
  ) -> PredictionChunk {
    let rows = Slots(chunk.count) { _ in [Float]() }
    WorkerPool(threads: threads).run(chunk.count) {
      rows[$0] = logProbabilities(chunk.ids[chunk.range($0)], temperature: temperature)
    }
    return PredictionChunk(
      labels: labels, logProbabilities: (0..<chunk.count).flatMap { rows[$0] })
  }
}

extension UInt64 {
  /// The last `count` symbols of a history, 16 bits each.
  fileprivate func last(_ count: Int) -> UInt64 {
    count == 0 ? 0 : self & (.max >> (64 - 16 * count))
  }
}
