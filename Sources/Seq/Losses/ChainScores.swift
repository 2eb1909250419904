import Glibc

/// The scores of K tags for their neighbours: a `[K]` at the beginning of a sentence, A `[K, K]` from
/// each tag to the next, e `[K]` at the end.
struct ChainScores: Sendable, Hashable {
  var start: [Double]
  /// Row i: from tag i.
  var transitions: [Double]
  var end: [Double]

  /// K.
  var count: Int { start.count }

  init(start: [Double], transitions: [Double], end: [Double]) {
    self.start = start
    self.transitions = transitions
    self.end = end
  }

  /// Zeros: neighbours do not matter.
  init(zeros count: Int) {
    start = [Double](repeating: 0, count: count)
    end = start
    transitions = [Double](repeating: 0, count: count * count)
  }

  /// a_{y_1} + Σ z_t[y_t] + Σ A[y_{t-1}, y_t] + e_{y_T}
  func score(of tags: [Int], _ z: [Double]) -> Double {
    guard let first = tags.first, let last = tags.last else { return 0 }
    var sum = start[first] + end[last]
    for (t, tag) in tags.enumerated() {
      sum += z[t * count + tag]
      if t > 0 { sum += transitions[tags[t - 1] * count + tag] }
    }
    return sum
  }
}

/// The distribution over all K^T sequences of tags for one sentence, by the forward-backward
/// algorithm (Rabiner, 1989, section III) on factors that are rescaled at every token, so that no
/// length under- or overflows. 2 T K² operations each way.
struct ChainPosterior {
  private let scores: ChainScores
  /// e^(z_t - its largest), `[T, K]`, with a in the first row.
  private var emissions: [Double]
  /// e^(A - its largest) and e^(e - its largest).
  private let factors: [Double]
  private let endFactors: [Double]
  /// The forward probabilities, `[T, K]`, each row of sum 1, and what each row was divided by.
  private var forward: [Double]
  private var divisors: [Double]
  private let endDivisor: Double
  /// log Z, the logarithm of the sum of e^score over all sequences.
  let logPartition: Double

  /// - Parameter z: the scores of the tags, T >= 1 rows of K.
  init(_ scores: ChainScores, _ z: [Double]) {
    let k = scores.count
    let steps = z.count / k
    let largest = scores.transitions.max() ?? 0
    let largestEnd = scores.end.max() ?? 0
    factors = scores.transitions.map { exp($0 - largest) }
    endFactors = scores.end.map { exp($0 - largestEnd) }
    emissions = z
    for j in 0..<k { emissions[j] += scores.start[j] }
    forward = [Double](repeating: 0, count: z.count)
    divisors = [Double](repeating: 1, count: steps)
    var log = Double(steps - 1) * largest + largestEnd
    for t in 0..<steps {
      let row = t * k
      let peak = emissions[row..<row + k].max() ?? 0
      var sum = 0.0
      for j in 0..<k {
        emissions[row + j] = exp(emissions[row + j] - peak)
        var reached = t == 0 ? 1.0 : 0.0
        if t > 0 { for i in 0..<k { reached += forward[row - k + i] * factors[i * k + j] } }
        forward[row + j] = emissions[row + j] * reached
        sum += forward[row + j]
      }
      for j in 0..<k { forward[row + j] /= sum }
      divisors[t] = sum
      log += peak + Glibc.log(sum)
    }
    var sum = 0.0
    for j in 0..<k { sum += forward[(steps - 1) * k + j] * endFactors[j] }
    endDivisor = sum
    logPartition = log + Glibc.log(sum)
    self.scores = scores
  }

  /// Adds `weight` times the probability of every tag at every token to `tags`, `[T, K]`, and the
  /// expected number of every pair of neighbours to `pairs`, `[K, K]`.
  func addExpectations(weight: Double, tags: inout [Double], pairs: inout [Double]) {
    let k = scores.count
    let steps = divisors.count
    var backward = endFactors.map { $0 / endDivisor }
    for t in (0..<steps).reversed() {
      let row = t * k
      for j in 0..<k { tags[row + j] += weight * forward[row + j] * backward[j] }
      guard t > 0 else { return }
      let ahead = (0..<k).map { emissions[row + $0] * backward[$0] / divisors[t] }
      for i in 0..<k {
        var sum = 0.0
        for j in 0..<k {
          let reached = factors[i * k + j] * ahead[j]
          pairs[i * k + j] += weight * forward[row - k + i] * reached
          sum += reached
        }
        backward[i] = sum
      }
    }
  }
}
