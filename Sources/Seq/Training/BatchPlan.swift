package import Pipeline

/// Which records go together in an epoch: a function of (seed, epoch), of nothing else.
package enum BatchPlan {
  /// Shuffles the records, sorts them by length (records of one length stay shuffled), cuts them
  /// into batches of like lengths and shuffles the batches.
  package static func batches(
    _ chunk: IDChunk, _ records: [Int], size: Int, seed: UInt64, epoch: Int
  ) -> [[Int]] {
    var random = RandomGenerator(seed: seed, stream: UInt64(epoch), 0x6f72_6465_72)
    let shuffled = records.shuffled(using: &random)
    let sorted = shuffled.enumerated().sorted { a, b in
      let (x, y) = (chunk.range(a.element).count, chunk.range(b.element).count)
      return x == y ? a.offset < b.offset : x < y
    }.map(\.element)
    let batches = stride(from: 0, to: sorted.count, by: size).map {
      Array(sorted[$0..<min($0 + size, sorted.count)])
    }
    return batches.shuffled(using: &random)
  }

  /// Whether so few records are one shard.
  static func isOneShard(_ count: Int) -> Bool { count < 8 }

  /// A batch cut into shards, which do not depend on the number of threads: at most 32 rows each,
  /// at least two, so that two threads can share even a small batch.
  package static func shards(_ batch: [Int]) -> [[Int]] {
    if isOneShard(batch.count) { return [batch] }
    let count = max(2, (batch.count + 31) / 32)
    return (0..<count).map { shard in
      stride(from: shard, to: batch.count, by: count).map { batch[$0] }
    }
  }
}
