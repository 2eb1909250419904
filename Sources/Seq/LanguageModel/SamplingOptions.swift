/// How the next symbol is drawn from a language model's distribution.
public struct SamplingOptions: Sendable, Hashable {
  /// The logits are divided by it; 0 takes the most probable symbol.
  public var temperature = 1.0
  /// Only the k most probable symbols; 0 is all (Fan, Lewis and Dauphin, 2018).
  public var topK = 0
  /// Only the fewest symbols whose probabilities sum to p or more (Holtzman et al., 2020).
  public var topP = 1.0
  /// Only symbols at least this times as probable as the best (Nguyen et al., 2024).
  public var minP = 0.0

  public init() {}

  /// - Throws: `SeqError.invalidOption`.
  public func validate() throws {
    for (name, value, range) in [
      ("temperature", temperature, 0...100), ("top-k", Double(topK), 0...1e9),
      ("top-p", topP, 0...1), ("min-p", minP, 0...1),
    ] as [(String, Double, ClosedRange<Double>)] where !range.contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)",
        reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// Draws a symbol.
  ///
  /// The filters work one after the other, in the order of the options, each on what the one before
  /// left; the rest is weighed anew. O(V), and O(V log V) where many symbols are about as probable.
  package func draw(_ logits: [Float], using random: inout RandomGenerator) -> Int32 {
    guard let best = logits.indices.max(by: { logits[$0] < logits[$1] }) else { return 0 }
    guard temperature > 0 else { return Int32(best) }
    let weights = logits.map {
      Double.exp((Double($0) - Double(logits[best])) / temperature)
    }
    let isCut = topK > 0 || topP < 1 || minP > 0
    let kept = isCut ? mostProbable(weights) : Array(weights.indices)
    var target = random.uniform() * kept.reduce(0) { $0 + weights[$1] }
    for symbol in kept {
      target -= weights[symbol]
      if target < 0 { return Int32(symbol) }
    }
    return Int32(kept.last ?? best)
  }

  /// The symbols that are drawn from, the most probable first and equals in order of their ids.
  ///
  /// - Parameter weights: the probabilities divided by the largest.
  private func mostProbable(_ weights: [Double]) -> [Int] {
    // Few symbols are probable: only where those do not decide it, all are sorted.
    for floor in [1e-3, 0] {
      var order = weights.indices.filter { floor == 0 || weights[$0] >= floor }.sorted {
        weights[$0] == weights[$1] ? $0 < $1 : weights[$0] > weights[$1]
      }
      var left = weights
      if topK > 0 {
        guard floor == 0 || order.count >= topK else { continue }
        order = Array(order.prefix(topK))
        left = order.map { weights[$0] }
      }
      let limit = topP * left.reduce(0, +)
      var sum = 0.0
      let end = order.indices.first { place in
        if place > 0 && (sum >= limit || weights[order[place]] < minP) { return true }
        sum += weights[order[place]]
        return false
      }
      if end != nil || floor == 0 || topK > 0 || sum >= limit || minP >= floor {
        return Array(order[..<(end ?? order.count)])
      }
    }
    return Array(weights.indices)
  }
}
