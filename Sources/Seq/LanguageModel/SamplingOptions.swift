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
  /// left; the rest is weighed anew. O(V log V).
  func draw(_ logits: [Float], using random: inout RandomGenerator) -> Int32 {
    // Equally probable symbols stand in the order of their ids.
    var order = logits.indices.sorted {
      logits[$0] == logits[$1] ? $0 < $1 : logits[$0] > logits[$1]
    }
    guard temperature > 0, let best = order.first else { return Int32(order.first ?? 0) }
    if topK > 0 { order = Array(order.prefix(topK)) }
    let weights = order.map {
      Double.exp((Double(logits[$0]) - Double(logits[best])) / temperature)
    }
    let total = weights.reduce(0, +)
    var kept = 0
    var sum = 0.0
    while kept < order.count, kept == 0 || (sum < topP * total && weights[kept] >= minP) {
      sum += weights[kept]
      kept += 1
    }
    var target = random.uniform() * sum
    for i in 0..<kept {
      target -= weights[i]
      if target < 0 { return Int32(order[i]) }
    }
    return Int32(order[kept - 1])
  }
}
