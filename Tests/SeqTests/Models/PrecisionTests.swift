import Pipeline
import Seq
import Testing

/// Models read with fewer bits.
@Suite struct PrecisionTests {
  /// Close to the full model, no more than close, and still without regard to neighbours.
  @Test(arguments: [(Precision.bf16, 0.05), (.int8, 0.1)])
  func aClassifierIsCloseToItself(precision: Precision, tolerance: Double) throws {
    let sample = SampleClassifier(pooling: "max+mean+last")
    var classifier = try sample.make()
    let (records, features) = sample.chunk(100)
    let full = try classifier.predictions(Samples.chunk(records, features: features))
    classifier.precision = precision
    let reduced = try classifier.predictions(Samples.chunk(records, features: features))
    let difference = zip(full.logProbabilities, reduced.logProbabilities)
      .reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
    #expect(difference > 1e-4 && difference < tolerance)
    let alone = try records.indices.flatMap {
      try classifier.predictions(Samples.chunk([records[$0]], features: [features[$0]])).bits
    }
    #expect(alone == reduced.bits)
  }

  @Test(arguments: [Precision.bf16, .int8], ["lstm", "gru", "rnn"])
  func aLanguageModelIsCloseToItself(precision: Precision, cell: String) throws {
    var model = try SampleLanguageModel.make(cell: cell)
    let text = Samples.records(1, lengths: 2000...2000, symbols: 7, seed: 5)[0]
    let full = model.logProbability(ofText: text) / 2000
    model.precision = precision
    let reduced = model.logProbability(ofText: text) / 2000
    #expect(full != reduced && abs(full - reduced) < 0.02)
    // The same symbols one by one.
    let record = Array(text.prefix(20))
    var runner = try model.makeRunner(RunContext())
    let score = try runner.consume(Samples.chunk([record])).logProbabilities[0]
    #expect(abs(SampleLanguageModel.logProbability(record, model) - Double(score)) < 1e-4)
  }

  @Test func onlySomeModelsCanBeReduced() throws {
    let chain = try Chain(SampleClassifier().make())
    #expect(try chain.reduced(to: .int8).first(RecurrentClassifier.self)?.precision == .int8)
    #expect(try chain.reduced(to: .float32).first(RecurrentClassifier.self)?.precision == .float32)
    let pipeline = try Chain(SplitRecords(options: .init()))
    #expect(throws: SeqError.self) { try pipeline.reduced(to: .bf16) }
  }
}
