import Pipeline
import Seq
import Testing

@Suite struct DynamicEvaluationTests {
  /// A pattern that an untrained model does not know, many times over.
  private let text = [Int32](
    (0..<60).map { _ in [2, 5, 3, 0, 6, 1] as [Int32] }.joined())

  @Test(arguments: Cells.all.map(\.name))
  func withoutARateItIsPlainEvaluation(cell: String) throws {
    let model = try SampleLanguageModel.make(cell: cell)
    var generator = SymbolGenerator(model, seed: 1)
    let expected = text.reduce(0.0) { sum, symbol in
      let log = generator.logProbabilities[Int(symbol)]
      generator.read(symbol)
      return sum + Double(log)
    }
    let found = try DynamicEvaluation(learningRate: 0, window: 7)
      .logProbability(ofText: text, by: model)
    #expect(abs(found - expected) < 1e-3 * abs(expected))
  }

  /// One step by hand: the second window is scored by weights that have moved against the gradient of
  /// the first.
  @Test func theNextWindowIsScoredByMovedWeights() throws {
    let model = try SampleLanguageModel.make()
    let dynamic = try DynamicEvaluation(learningRate: 0.5, window: 6)
    let first = try dynamic.logProbability(ofText: Array(text.prefix(6)), by: model)
    let both = try dynamic.logProbability(ofText: Array(text.prefix(12)), by: model)
    let plain = try DynamicEvaluation(learningRate: 0, window: 6)
      .logProbability(ofText: Array(text.prefix(12)), by: model)
    #expect(both - first > plain - first)
    let frozen = try DynamicEvaluation(learningRate: 0, decay: 1, window: 6)
      .logProbability(ofText: Array(text.prefix(12)), by: model)
    #expect(abs(frozen - plain) < 1e-4)
  }

  @Test func batchNormalisationWouldSeeTheFuture() throws {
    let model = try SampleLanguageModel.make(normalization: .batch)
    #expect(throws: SeqError.self) {
      try DynamicEvaluation(learningRate: 0.1).logProbability(ofText: text, by: model)
    }
  }

  @Test func itLearnsWhatRepeats() throws {
    let model = try SampleLanguageModel.make()
    let plain = try DynamicEvaluation(learningRate: 0).logProbability(ofText: text, by: model)
    let dynamic = try DynamicEvaluation(learningRate: 0.5, window: 12)
    let adapted = try dynamic.logProbability(ofText: text, by: model)
    #expect(adapted > 0.9 * plain)
    #expect(try dynamic.logProbability(ofText: text, by: model, threads: 2) == adapted)
    let forgetful = try DynamicEvaluation(learningRate: 0.5, decay: 0.5, window: 12)
      .logProbability(ofText: text, by: model)
    #expect(forgetful < adapted)
  }

  @Test func whatHasNoMeaningIsRefused() {
    #expect(throws: SeqError.self) { try DynamicEvaluation(learningRate: -1) }
    #expect(throws: SeqError.self) { try DynamicEvaluation(learningRate: 0.1, decay: 2) }
    #expect(throws: SeqError.self) { try DynamicEvaluation(learningRate: 0.1, window: 0) }
  }
}
