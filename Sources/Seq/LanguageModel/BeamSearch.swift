/// The most probable continuations, found by keeping the best few of each length.
public struct BeamSearch: Sendable {
  /// How many are kept.
  public let width: Int

  public init(width: Int) { self.width = max(1, width) }

  /// A continuation and log p of all of it, in nats.
  public struct Hypothesis: Sendable, Hashable {
    public var symbols: [Int32]
    public var logProbability: Double
    /// Whether it has come to a stop symbol.
    public var isEnded = false
  }

  /// The best continuations of at most `length` symbols, the most probable first. One that comes to
  /// a symbol of `stops` ends there. O(length width V).
  public func search(
    from start: SymbolGenerator, length: Int, stops: Set<Int32>
  ) -> [Hypothesis] {
    var beams: [(hypothesis: Hypothesis, generator: SymbolGenerator)] = [
      (Hypothesis(symbols: [], logProbability: 0), start)
    ]
    for _ in 0..<length where beams.contains(where: { !$0.hypothesis.isEnded }) {
      beams = extend(beams, stops)
    }
    return beams.map(\.hypothesis)
  }

  private func extend(
    _ beams: [(hypothesis: Hypothesis, generator: SymbolGenerator)], _ stops: Set<Int32>
  ) -> [(hypothesis: Hypothesis, generator: SymbolGenerator)] {
    var candidates: [(beam: Int, symbol: Int32?, logProbability: Double)] = []
    for (i, beam) in beams.enumerated() {
      guard !beam.hypothesis.isEnded else {
        candidates.append((i, nil, beam.hypothesis.logProbability))
        continue
      }
      let log = beam.generator.logProbabilities
      let best = log.indices.sorted { log[$0] == log[$1] ? $0 < $1 : log[$0] > log[$1] }
      for symbol in best.prefix(width) {
        candidates.append(
          (i, Int32(symbol), beam.hypothesis.logProbability + Double(log[symbol])))
      }
    }
    let order = candidates.indices.sorted {
      let (a, b) = (candidates[$0].logProbability, candidates[$1].logProbability)
      return a == b ? $0 < $1 : a > b
    }
    return order.prefix(width).map { index in
      let (i, symbol, logProbability) = candidates[index]
      guard let symbol else { return beams[i] }
      var (hypothesis, generator) = beams[i]
      hypothesis.symbols.append(symbol)
      hypothesis.logProbability = logProbability
      hypothesis.isEnded = stops.contains(symbol)
      if !hypothesis.isEnded { generator.read(symbol) }
      return (hypothesis, generator)
    }
  }
}
