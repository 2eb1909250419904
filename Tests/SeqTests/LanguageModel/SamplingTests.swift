import Seq
import Testing

@Suite struct SamplingTests {
  private func draws(_ change: (inout SamplingOptions) -> Void, count: Int = 400) throws -> [Int] {
    var options = SamplingOptions()
    change(&options)
    let model = try SampleLanguageModel.make()
    let start = SymbolGenerator(model, seed: 3)
    var counts = [Int](repeating: 0, count: 7)
    for seed in 0..<count {
      var generator = SymbolGenerator(model, seed: UInt64(seed))
      #expect(generator.logits == start.logits)
      counts[Int(generator.next(options))] += 1
    }
    return counts
  }

  private func probabilities() throws -> [Double] {
    SymbolGenerator(try SampleLanguageModel.make(), seed: 1).logProbabilities
      .map { Double.exp(Double($0)) }
  }

  @Test func drawsFollowTheDistribution() throws {
    let (p, found) = (try probabilities(), try draws({ _ in }, count: 4000))
    for (expected, count) in zip(p, found) {
      let deviation = (4000 * expected * (1 - expected)).squareRoot()
      #expect(abs(Double(count) - 4000 * expected) <= 4 * deviation + 1)
    }
  }

  @Test func filtersLeaveTheMostProbable() throws {
    let p = try probabilities()
    let order = p.indices.sorted { p[$0] > p[$1] }
    func support(_ change: (inout SamplingOptions) -> Void) throws -> Set<Int> {
      Set(try draws(change).enumerated().filter { $0.element > 0 }.map(\.offset))
    }
    #expect(try support { $0.temperature = 0 } == [order[0]])
    #expect(try support { $0.topK = 1 } == [order[0]])
    #expect(try support { $0.topK = 2 }.isSubset(of: Set(order[..<2])))
    #expect(try support { $0.topP = p[order[0]] / 2 } == [order[0]])
    #expect(try support { $0.topP = p[order[0]] + p[order[1]] / 2 } == Set(order[..<2]))
    #expect(try support { $0.minP = p[order[1]] / p[order[0]] * 0.99 } == Set(order[..<2]))
    #expect(try support { $0.temperature = 0.01 } == [order[0]])
  }

  /// Against the filters written out over all symbols, sorted: flat and steep distributions, of which a
  /// few symbols or nearly all are left.
  @Test func filtersOnManySymbolsAreThoseWrittenOut() throws {
    var numbers = RandomGenerator(seed: 4)
    for spread in [0.1, 3, 30] {
      let logits = (0..<500).map { _ in Float(spread * (2 * numbers.uniform() - 1)) }
      for (k, p, m) in [
        (0, 0.9, 0.0), (0, 0.999, 0.0), (0, 1.0, 0.2), (0, 1.0, 1e-6), (7, 1.0, 0.0),
        (300, 0.5, 0.01), (40, 0.999, 0.0), (499, 1.0, 1e-9),
      ] {
        var options = SamplingOptions()
        (options.topK, options.topP, options.minP) = (k, p, m)
        var order = logits.indices.sorted { logits[$0] > logits[$1] }
        if k > 0 { order = Array(order.prefix(k)) }
        let weights = order.map { Double.exp(Double(logits[$0]) - Double(logits[order[0]])) }
        var (kept, sum) = (0, 0.0)
        let limit = p * weights.reduce(0, +)
        while kept < order.count, kept == 0 || (sum < limit && weights[kept] >= m) {
          sum += weights[kept]
          kept += 1
        }
        var random = RandomGenerator(seed: 5, stream: 1)
        var found: Set<Int> = []
        for _ in 0..<3000 { found.insert(Int(options.draw(logits, using: &random))) }
        #expect(found.isSubset(of: Set(order[..<kept])), "\(spread) \(k) \(p) \(m)")
        // Whatever is drawn once in 300 must have been seen.
        for i in 0..<kept where weights[i] / sum > 1.0 / 300 { #expect(found.contains(order[i])) }
      }
    }
  }

  @Test func theSameSeedGivesTheSameText() throws {
    let model = try SampleLanguageModel.make()
    func text(_ seed: UInt64) -> [Int32] {
      var generator = SymbolGenerator(model, seed: seed)
      return (0..<50).map { _ in generator.next(SamplingOptions()) }
    }
    #expect(text(1) == text(1))
    #expect(text(1) != text(2))
  }

  @Test(arguments: ["temperature", "top-k", "top-p", "min-p"])
  func optionsAreChecked(name: String) {
    var options = SamplingOptions()
    switch name {
    case "temperature": options.temperature = -1
    case "top-k": options.topK = -1
    case "top-p": options.topP = 1.5
    default: options.minP = .nan
    }
    let error = #expect(throws: SeqError.self) { try options.validate() }
    #expect(error?.description.contains(name) == true)
  }

  @Test func aWideBeamFindsTheBestOfAll() throws {
    let model = try SampleLanguageModel.make()
    let stops: Set<Int32> = [1]
    var all: [(symbols: [Int32], log: Double)] = []
    func visit(_ symbols: [Int32], _ generator: SymbolGenerator, _ log: Double) {
      if symbols.count == 3 || symbols.last.map(stops.contains) == true {
        all.append((symbols, log))
        return
      }
      for symbol in 0..<7 {
        var next = generator
        next.read(Int32(symbol))
        visit(
          symbols + [Int32(symbol)], next, log + Double(generator.logProbabilities[symbol]))
      }
    }
    let start = SymbolGenerator(model, seed: 1)
    visit([], start, 0)
    let best = all.sorted { $0.log > $1.log }
    let found = BeamSearch(width: 400).search(from: start, length: 3, stops: stops)
    for i in 0..<5 {
      #expect(found[i].symbols == best[i].symbols)
      #expect(abs(found[i].logProbability - best[i].log) <= 1e-5)
    }
    let greedy = BeamSearch(width: 1).search(from: start, length: 3, stops: [])
    var options = SamplingOptions()
    options.temperature = 0
    var generator = start
    #expect(greedy.first?.symbols == (0..<3).map { _ in generator.next(options) })
  }
}
