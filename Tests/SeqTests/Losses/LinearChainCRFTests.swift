import Pipeline
import Testing

@testable import Seq

/// Against the definition: sums over all sequences of tags.
@Suite struct LinearChainCRFTests {
  private let scores = ChainScores(
    start: [0.3, -1, 0.5], transitions: [0.1, 1.2, -2, 0.7, -0.3, 0.4, 2.1, -1.1, 0],
    end: [-0.2, 0.9, 0.1])
  private let z = [1, 0.2, -0.5, 0.3, 1.1, 0.8, -1, 2, 0.4, 0.6, -0.7, 1.3]

  /// All sequences of T tags.
  private func sequences(_ steps: Int) -> [[Int]] {
    (0..<steps).reduce([[]]) { sequences, _ in
      sequences.flatMap { sequence in (0..<3).map { sequence + [$0] } }
    }
  }

  @Test func thePartitionAndTheExpectationsAreSumsOverAllSequences() {
    let all = sequences(4).map { (tags: $0, weight: Double.exp(scores.score(of: $0, z))) }
    let sum = all.reduce(0) { $0 + $1.weight }
    let posterior = ChainPosterior(scores, z)
    #expect(abs(posterior.logPartition - Double.log(sum)) < 1e-12)
    var tags = [Double](repeating: 0, count: 12)
    var pairs = [Double](repeating: 0, count: 9)
    posterior.addExpectations(weight: 2, tags: &tags, pairs: &pairs)
    for t in 0..<4 {
      for k in 0..<3 {
        let p = all.reduce(0) { $0 + ($1.tags[t] == k ? $1.weight : 0) } / sum
        #expect(abs(tags[t * 3 + k] - 2 * p) < 1e-12)
      }
    }
    for i in 0..<3 {
      for j in 0..<3 {
        let count = all.reduce(0.0) { total, one in
          total
            + one.weight
            * Double((1..<4).count { one.tags[$0 - 1] == i && one.tags[$0] == j })
        }
        #expect(abs(pairs[i * 3 + j] - 2 * count / sum) < 1e-12)
      }
    }
  }

  @Test func theDecoderFindsTheBestSequence() {
    let best = sequences(4).max { scores.score(of: $0, z) < scores.score(of: $1, z) }
    let decoder = TagDecoder(scores, scheme: .none, labels: ["a", "b", "c"])
    #expect(decoder.decode(z).map { Int($0) } == best)
    #expect(decoder.decode([]) == [])
    #expect(decoder.decode([0, 5, 1]) == [1])
  }

  @Test func theDecoderKeepsToTheScheme() {
    let labels = ["B-A", "I-A", "O"]
    let free = TagDecoder(ChainScores(zeros: 3), scheme: .none, labels: labels)
    let bound = TagDecoder(ChainScores(zeros: 3), scheme: .bio, labels: labels)
    // Alone, O I I would be best; a span needs its beginning.
    let z = [0, 0.1, 1, 0.5, 2, 0, 0, 1, 0]
    #expect(free.decode(z) == [2, 1, 1])
    #expect(bound.decode(z) == [2, 0, 1])
  }

  /// Hundreds of tokens with large scores neither overflow nor lose the sum of probabilities.
  @Test func longSentencesStayFinite() {
    let long = (0..<3000).map { Double(($0 * 37) % 101) - 50 }
    var steep = scores
    steep.transitions = steep.transitions.map { $0 * 40 }
    let posterior = ChainPosterior(steep, long)
    var tags = [Double](repeating: 0, count: 3000)
    var pairs = [Double](repeating: 0, count: 9)
    posterior.addExpectations(weight: 1, tags: &tags, pairs: &pairs)
    #expect(posterior.logPartition.isFinite)
    for t in 0..<1000 { #expect(abs(tags[3 * t..<3 * t + 3].reduce(0, +) - 1) < 1e-9) }
    #expect(abs(pairs.reduce(0, +) - 999) < 1e-6)
  }
}
