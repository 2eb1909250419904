import Pipeline
import Seq
import Testing

/// Against the definition: sums over all sequences of tags.
@Suite struct LinearChainCRFTests {
  private let crf: LinearChainCRF
  private let layout: ParameterLayout

  init() {
    var layout = ParameterLayout()
    crf = LinearChainCRF("crf", tags: 3, in: &layout)
    self.layout = layout
  }

  /// All sequences of T of K tags.
  private func sequences(_ steps: Int, of count: Int = 3) -> [[Int]] {
    (0..<steps).reduce([[]]) { sequences, _ in
      sequences.flatMap { sequence in (0..<count).map { sequence + [$0] } }
    }
  }

  /// Summed term by term.
  private func score(
    _ tags: [Int], _ z: [Double], start: [Double], transitions: [Double], end: [Double]
  ) -> Double {
    let k = start.count
    var sum = start[tags[0]] + end[tags[tags.count - 1]]
    for (t, tag) in tags.enumerated() {
      sum += z[t * k + tag] + (t > 0 ? transitions[tags[t - 1] * k + tag] : 0)
    }
    return sum
  }

  @Test func lossAndGradientsAreSumsOverAllSequences() {
    var parameters = ParameterVector<Double>(layout)
    let (start, end) = ([0.3, -1, 0.5], [-0.2, 0.9, 0.1])
    let transitions = [0.1, 1.2, -2, 0.7, -0.3, 0.4, 2.1, -1.1, 0]
    (parameters[crf.start], parameters[crf.end]) = (start, end)
    parameters[crf.transitions] = transitions
    let z = [1, 0.2, -0.5, 0.3, 1.1, 0.8, -1, 2, 0.4, 0.6, -0.7, 1.3]
    let truth = [2, 0, 1, 1]
    let all = sequences(4).map {
      (
        tags: $0,
        weight: Double.exp(
          score($0, z, start: start, transitions: transitions, end: end))
      )
    }
    let sum = all.reduce(0) { $0 + $1.weight }

    var d = Tensor<Double>([4, 3], z)
    var gradients = Gradients<Double>(layout)
    let loss = crf.lossAndGradient(
      &d, tags: truth.map { Int32($0) }, SequenceLayout(lengths: [4]), scale: 2,
      Weights(parameters), into: &gradients)
    let own = score(truth, z, start: start, transitions: transitions, end: end)
    #expect(abs(loss - (Double.log(sum) - own)) < 1e-12)
    for t in 0..<4 {
      for k in 0..<3 {
        let p = all.reduce(0) { $0 + ($1.tags[t] == k ? $1.weight : 0) } / sum
        #expect(abs(d[t, k] - 2 * (p - (truth[t] == k ? 1 : 0))) < 1e-12)
      }
    }
    func pairs(_ tags: [Int], _ i: Int, _ j: Int) -> Double {
      Double((1..<4).count { tags[$0 - 1] == i && tags[$0] == j })
    }
    for i in 0..<3 {
      for j in 0..<3 {
        let expected = all.reduce(0.0) { $0 + $1.weight * pairs($1.tags, i, j) } / sum
        let found = gradients[crf.transitions][i * 3 + j]
        #expect(abs(found - 2 * (expected - pairs(truth, i, j))) < 1e-12)
      }
    }
    #expect(gradients[crf.start] == (0..<3).map { d[0, $0] })
    #expect(gradients[crf.end] == (0..<3).map { d[3, $0] })
  }

  /// Hundreds of tokens with large scores neither overflow nor lose the sum of probabilities.
  @Test func longSentencesStayFinite() {
    var parameters = ParameterVector<Float>(layout)
    parameters[crf.transitions] = [4, 48, -80, 28, -12, 16, 84, -44, 0]
    let z = (0..<3000).map { Float(($0 * 37) % 101) - 50 }
    let truth = (0..<1000).map { Int32($0 % 3) }
    var d = Tensor<Float>([1000, 3], z)
    var gradients = Gradients<Float>(layout)
    let loss = crf.lossAndGradient(
      &d, tags: truth, SequenceLayout(lengths: [1000]), scale: 1, Weights(parameters),
      into: &gradients)
    #expect(loss.isFinite && loss > 0)
    // Probabilities sum to one at every token, and so do the true tags.
    for t in 0..<1000 { #expect(abs(d[t, 0] + d[t, 1] + d[t, 2]) < 1e-5) }
    #expect(abs(gradients[crf.transitions].reduce(0, +)) < 0.05)
  }

  /// What a tagger gives is the best of all sequences under its own scores and weights.
  @Test(arguments: [TagScheme.none, .bio])
  func theDecoderFindsTheBestSequence(scheme: TagScheme) throws {
    var sample = SampleTagger()
    sample.options.scheme = scheme
    let tagger = try sample.make(seed: 5)
    func values(_ name: String) -> [Double] {
      tagger.network.layout.parameters.filter { $0.name == name }
        .flatMap { tagger.parameters[$0].map { Double($0) } }
    }
    let weights = tagger.network.weights(tagger.parameters, forTraining: false)
    let chunk = sample.examples(60).ids
    var runner = try tagger.makeRunner(RunContext())
    let tagged = try runner.consume(chunk)
    let tags = try #require(SpanTag.all(sample.labels))
    var count = 0
    for i in 0..<chunk.count where (1...4).contains(chunk.range(i).count) {
      count += 1
      let batch = TaggerBatch(chunk, sentences: [chunk.range(i)])
      let z = tagger.network.scores(batch, tagger.network.projections(weights), weights)
      let best = sequences(chunk.range(i).count, of: 5)
        .filter { sequence in scheme.allows(sequence.map { tags[$0] }) }
        .map { sequence in
          (
            sequence,
            score(
              sequence, z.values.map { Double($0) }, start: values("crf.start"),
              transitions: values("crf.transitions"), end: values("crf.end"))
          )
        }
        .max { $0.1 < $1.1 }
      #expect(tagged.tags[tagged.range(i)].map { Int($0) } == best?.0)
    }
    #expect(count > 2)
  }
}
