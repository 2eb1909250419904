import Crypto

/// N sentences of words, each word with one of K tags: what a tagger is trained and judged on.
public struct TaggedDataset: Sendable {
  /// The sentences, in the order of the data; none is empty.
  public private(set) var sentences: TokenChunk
  /// For each token of all sentences, a position in `tagNames`.
  public private(set) var tags: [Int32]
  /// The K names, sorted by bytes, each used at least once in the data as they were read.
  public let tagNames: [String]

  /// - Precondition: one tag for each token, each a position in `tagNames`.
  public init(sentences: TokenChunk, tags: [Int32], tagNames: [String]) {
    precondition(sentences.starts.count == tags.count, "one tag for each token")
    precondition(tags.allSatisfy { tagNames.indices.contains(Int($0)) }, "tags have names")
    self.sentences = sentences
    self.tags = tags
    self.tagNames = tagNames
  }

  /// N.
  public var count: Int { sentences.count }
  public var tokenCount: Int { tags.count }

  /// The sentences at these positions, in this order; the names stay all K.
  public func subset(_ indices: some Sequence<Int>) -> TaggedDataset {
    var part = TokenChunk(bytes: sentences.bytes)
    var chosen: [Int32] = []
    for i in indices {
      for token in sentences.tokens(i) {
        part.starts.append(sentences.starts[token])
        part.ends.append(sentences.ends[token])
        chosen.append(tags[token])
      }
      part.recordEnds.append(UInt32(chosen.count))
    }
    return TaggedDataset(sentences: part, tags: chosen, tagNames: tagNames)
  }

  /// Cuts off a part for development, by a hash of each sentence and its tags, as
  /// `LabelledDataset.split` does.
  ///
  /// Complexity: O(bytes).
  public func split(devFraction fraction: Double) -> (train: TaggedDataset, dev: TaggedDataset) {
    var sides: (train: [Int], dev: [Int]) = ([], [])
    for i in 0..<count {
      var hash = FNV1a()
      forEachLine(of: i) { hash.combine($0) }
      if Double(hash.mixed % 10_000) < 10_000 * fraction {
        sides.dev.append(i)
      } else {
        sides.train.append(i)
      }
    }
    return (subset(sides.train), subset(sides.dev))
  }

  /// The SHA-256, in hexadecimal, of `token TAB tag LF` of all tokens, with one more LF after each
  /// sentence: what a model's provenance says of its data.
  public var digest: String {
    var hash = SHA256()
    for i in 0..<count {
      forEachLine(of: i) { hash.update(data: $0) }
      hash.update(data: [UInt8(ascii: "\n")])
    }
    return hash.finalize().map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  /// Calls `body` with `token TAB tag LF` for each token of a sentence.
  private func forEachLine(of sentence: Int, _ body: ([UInt8]) -> Void) {
    for token in sentences.tokens(sentence) {
      var line = Array(sentences.token(token))
      line.append(UInt8(ascii: "\t"))
      line += tagNames[Int(tags[token])].utf8
      line.append(UInt8(ascii: "\n"))
      body(line)
    }
  }

  /// The same tokens with tags counted as positions in `names`, a model's own list.
  /// - Returns: the tags, or -1 for one that `names` does not have.
  public func tags(asIn names: [String]) -> [Int32] {
    let places = Dictionary(
      zip(names.map { Array($0.utf8) }, names.indices), uniquingKeysWith: { first, _ in first })
    let map = tagNames.map { places[Array($0.utf8)].map(Int32.init) ?? -1 }
    return tags.map { map[Int($0)] }
  }
}
