/// The best sequence of tags under scores for tags and for their neighbours, among those that a
/// scheme allows (Viterbi, 1967):
/// ```
/// best_t[j] = z_t[j] + max_i (best_{t-1}[i] + A[i, j])
/// ```
/// T K² operations for a sequence of T tokens. Of equal sequences, the one with the lower tags wins,
/// from the last token back.
struct TagDecoder: Sendable {
  /// a, A and e with minus infinity for what the scheme forbids.
  private let scores: ChainScores

  init(_ scores: ChainScores, scheme: TagScheme, labels: [String]) {
    guard scheme != .none, let tags = SpanTag.all(labels) else {
      self.scores = scores
      return
    }
    var scores = scores
    let k = scores.count
    for j in 0..<k {
      if !scheme.allows(tags[j], after: nil) { scores.start[j] = -.infinity }
      if !scheme.allows(nil, after: tags[j]) { scores.end[j] = -.infinity }
      for i in 0..<k where !scheme.allows(tags[j], after: tags[i]) {
        scores.transitions[i * k + j] = -.infinity
      }
    }
    self.scores = scores
  }

  /// - Parameter z: the scores of the tags, T rows of K.
  func decode(_ z: [Double]) -> [Int32] {
    let k = scores.count
    let steps = z.count / k
    guard steps > 0 else { return [] }
    var best = (0..<k).map { z[$0] + scores.start[$0] }
    var next = best
    var origins = [Int32](repeating: 0, count: steps * k)
    for t in 1..<max(1, steps) {
      for j in 0..<k {
        var (value, origin) = (-Double.infinity, 0)
        for i in 0..<k {
          let candidate = best[i] + scores.transitions[i * k + j]
          if candidate > value { (value, origin) = (candidate, i) }
        }
        next[j] = value + z[t * k + j]
        origins[t * k + j] = Int32(origin)
      }
      swap(&best, &next)
    }
    for j in 0..<k { best[j] += scores.end[j] }
    var tags = [Int32](repeating: 0, count: steps)
    var tag = best.indices.reduce(0) { best[$1] > best[$0] ? $1 : $0 }
    for t in (0..<steps).reversed() {
      tags[t] = Int32(tag)
      tag = Int(origins[t * k + tag])
    }
    return tags
  }
}
