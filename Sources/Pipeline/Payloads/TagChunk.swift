/// A tag for each token of N records.
public struct TagChunk: Payload {
  public static var kind: PayloadKind { .tags }

  /// The K tag names, in the model's order.
  public var labels: [String]
  /// For each token, the position of its tag in `labels`.
  public var tags: [Int32]
  /// Record `i` has tags `recordEnds[i - 1]..<recordEnds[i]`.
  public var recordEnds: [UInt32]

  public init(labels: [String], tags: [Int32] = [], recordEnds: [UInt32] = []) {
    self.labels = labels
    self.tags = tags
    self.recordEnds = recordEnds
  }

  public var count: Int { recordEnds.count }

  /// The positions in `tags` of record `i`.
  public func range(_ i: Int) -> Range<Int> {
    (i == 0 ? 0 : Int(recordEnds[i - 1]))..<Int(recordEnds[i])
  }

  /// The tag names of record `i`.
  public func strings(_ i: Int) -> [String] { tags[range(i)].map { labels[Int($0)] } }
}
