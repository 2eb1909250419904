import Pipeline
import Seq

/// Numbers that look random and are the same in every run.
extension Samples {
  /// `count` records with lengths in `lengths` and symbols below `symbols`.
  static func records(
    _ count: Int, lengths: ClosedRange<Int>, symbols: Int32, seed: UInt64
  ) -> [[Int32]] {
    var random = RandomGenerator(seed: seed, stream: 0x7265_636f_7264)
    return (0..<count).map { _ in
      let length = Int.random(in: lengths, using: &random)
      return (0..<length).map { _ in Int32.random(in: 0..<symbols, using: &random) }
    }
  }
}
