import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct RecurrentTaggerTests {
  /// Options come from model files and pipelines and may be any numbers.
  @Test(arguments: [(Int.min, 0), (0, 0), (.max, 0), (5, -1), (5, 5), (5, .max)])
  func sizesThatDoNotFitAreRefused(symbols: Int, unknown: Int) {
    var options = TaggerOptions()
    (options.symbols, options.unknown, options.characters) = (symbols, unknown, 1)
    #expect(throws: SeqError.self) { try options.validate() }
  }

  @Test(arguments: Cells.all.map(\.name), TaggerOptions.Decoder.allCases)
  func keepsTheLawsOfStages(cell: String, decoder: TaggerOptions.Decoder) throws {
    let sample = SampleTagger(cell: cell, decoder: decoder)
    #expect(try StageLaws.violations(of: sample.make(), on: sample.examples(90).ids).isEmpty)
  }

  @Test func givesOneTagForEachTokenThatTheSchemeAllows() throws {
    let sample = SampleTagger()
    let examples = sample.examples(90)
    var runner = try sample.make().makeRunner(RunContext())
    let tagged = try runner.consume(examples.ids)
    #expect(tagged.recordEnds == examples.ids.recordEnds)
    #expect(tagged.tags.count == examples.tags.count)
    #expect(Set(tagged.tags).count > 1)
    for i in 0..<tagged.count {
      // A long sentence is read in pieces, each of which keeps to the scheme.
      for start in stride(from: 0, to: tagged.range(i).count, by: 25) {
        let piece = tagged.strings(i).dropFirst(start).prefix(25)
        #expect(TagScheme.bio.allows(piece.compactMap { SpanTag($0) }))
      }
    }
  }

  @Test func threadsChangeNoFigure() throws {
    let sample = SampleTagger()
    let examples = sample.examples(200)
    let tagger = try sample.make()
    let one = try tagger.evaluate(examples.ids, tags: examples.tags)
    #expect(one.count == examples.tags.count && one.loss > 0 && one.sentenceCount == 200)
    #expect(try tagger.evaluate(examples.ids, tags: examples.tags, threads: 2) == one)
    #expect(try tagger.evaluate(examples.ids, tags: examples.tags, threads: 3) == one)
  }

  /// The mean of minus the logarithm of a softmax, worked out from its own gradient-free path.
  @Test func theLossOfSoftmaxIsThatOfItsTokens() throws {
    let sample = SampleTagger(decoder: .softmax)
    let examples = sample.examples(20)
    let tagger = try sample.make()
    let report = try tagger.evaluate(examples.ids, tags: examples.tags)
    let weights = tagger.network.weights(tagger.parameters, forTraining: false)
    var sum = 0.0
    for i in 0..<examples.ids.count {
      for start in stride(from: 0, to: examples.ids.range(i).count, by: 25) {
        let first = examples.ids.range(i).lowerBound + start
        let sentence = first..<min(first + 25, examples.ids.range(i).upperBound)
        let batch = TaggerBatch(examples.ids, sentences: [sentence])
        let z = tagger.network.scores(batch, tagger.network.projections(weights), weights)
        for (row, tag) in batch.rows(of: examples.tags).enumerated() {
          let all = (0..<5).reduce(0.0) { $0 + Double.exp(Double(z[row, $1])) }
          sum += Double.log(all) - Double(z[row, Int(tag)])
        }
      }
    }
    #expect(abs(report.loss - sum / Double(report.count)) < 1e-5)
  }

  @Test func idsThatAreNotTheModelsAreRefused() throws {
    let sample = SampleTagger()
    let tagger = try sample.make()
    var runner = try tagger.makeRunner(RunContext())
    let good = sample.examples(5).ids
    var bare = good
    bare.spelling = nil
    var foreign = good
    foreign.ids[2] = 11
    var misspelled = good
    misspelled.spelling?.ids[0] = 9
    for (chunk, words) in [
      (bare, "features.characters"), (foreign, "symbol 11"), (misspelled, "character 9"),
    ] {
      let error = #expect(throws: SeqError.self) { try runner.consume(chunk) }
      #expect(error?.description.contains(words) == true)
    }
    #expect(throws: SeqError.self) { try tagger.evaluate(good, tags: [0]) }
    #expect(throws: SeqError.self) {
      try tagger.evaluate(good, tags: [Int32](repeating: 5, count: good.ids.count))
    }
  }

  @Test func optionsWithoutMeaningAreRefused() throws {
    for change in [
      { $0.hidden = 0 }, { $0.characters = 0 }, { $0.unknown = 11 }, { $0.cell = "lst" },
      { $0.characterHidden = -1 }, { $0.maximumLength = 0 },
    ] as [(inout TaggerOptions) -> Void] {
      var sample = SampleTagger()
      change(&sample.options)
      #expect(throws: SeqError.self) { try sample.make() }
    }
  }
}
