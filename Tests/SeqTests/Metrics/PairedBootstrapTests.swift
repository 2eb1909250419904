import Pipeline
import Seq
import Testing

/// Against scikit-learn and SciPy (`Goldens/make_comparison.py`).
@Suite struct PairedBootstrapTests {
  private let golden: GoldenFile

  init() throws { golden = try GoldenFile("comparison") }

  private func classifiers() throws -> ClassifierPair {
    func chunk(_ name: String, _ labels: [String]) throws -> PredictionChunk {
      PredictionChunk(
        labels: labels, logProbabilities: try golden.values(name).map { Float($0) })
    }
    return ClassifierPair(
      try chunk("log_a", ["a", "b", "c", "d", "e"]),
      try chunk("log_b", ["b", "d", "f", "a", "e", "c"]),
      targets: (try golden.integers("truth_a"), try golden.integers("truth_b")))
  }

  private func languageModels() throws -> LanguageModelPair {
    let bytes = try golden.integers("text/bytes").map { Int($0) }
    var (a, b) = (ScoreChunk(count: bytes.count), ScoreChunk(count: bytes.count))
    (a.logProbabilities, a.symbolCounts) = (try golden.values("text/log_a"), bytes)
    b.logProbabilities = try golden.values("text/log_b")
    b.symbolCounts = try golden.integers("text/symbols_b").map { Int($0) }
    return LanguageModelPair(a, b, byteCounts: bytes)
  }

  private func row(_ d: PairedDifference) -> [Double] {
    [d.a, d.b, d.low, d.high, d.pValue, d.shareBetter]
  }

  @Test(arguments: [1, 3])
  func classifiersEqualScikitLearn(threads: Int) throws {
    let differences = try PairedBootstrap(resamples: 500, seed: 7, threads: threads)
      .differences(of: classifiers())
    #expect(differences.map(\.name) == ["accuracy", "loss", "macro_f1"])
    #expect(distance(differences.flatMap(row), try golden.values("figures")) < 1e-12)
    let test = try classifiers().mcNemar
    #expect([Int32(test.onlyA), Int32(test.onlyB)] == (try golden.integers("only")))
  }

  @Test func languageModelsEqualNumPy() throws {
    let pair = try languageModels()
    #expect(!pair.hasEqualSymbols)
    let differences = try PairedBootstrap(resamples: 500, seed: 7).differences(of: pair)
    #expect(differences.map(\.name) == ["loss", "perplexity", "bits_per_byte"])
    #expect(distance(differences.flatMap(row), try golden.values("text/figures")) < 1e-12)
  }

  /// Other resamples of the same kind: the limits agree as far as so many can.
  @Test func intervalsAgreeWithSciPy() throws {
    let differences = try PairedBootstrap(resamples: 20_000).differences(of: classifiers())
    let limits = differences.prefix(2).flatMap { [$0.low, $0.high] }
    #expect(distance(limits, try golden.values("scipy_interval")) < 0.013)
  }

  @Test func theSeedDecides() throws {
    let pair = try classifiers()
    let first = try PairedBootstrap(resamples: 200, seed: 1).differences(of: pair)
    #expect(try PairedBootstrap(resamples: 200, seed: 1).differences(of: pair) == first)
    #expect(try PairedBootstrap(resamples: 200, seed: 2).differences(of: pair) != first)
  }

  @Test func aModelDoesNotDifferFromItself() throws {
    let same = Same(pair: try classifiers())
    for difference in try PairedBootstrap(resamples: 50).differences(of: same) {
      #expect([difference.difference, difference.low, difference.high] == [0, 0, 0])
      #expect([difference.pValue, difference.shareBetter] == [1, 0])
    }
  }

  @Test func nothingCannotBeCompared() {
    let nothing = LanguageModelPair(ScoreChunk(), ScoreChunk(), byteCounts: [])
    #expect(throws: SeqError.self) { try PairedBootstrap().differences(of: nothing) }
    #expect(throws: SeqError.self) { try PairedBootstrap(resamples: 0) }
  }

  /// A classifier beside itself.
  private struct Same: PairedFigures {
    static let names = ClassifierPair.names
    let pair: ClassifierPair
    var count: Int { pair.count }

    func values(of records: [Int32]) -> (a: [Double], b: [Double]) {
      let a = pair.values(of: records).a
      return (a, a)
    }
  }
}
