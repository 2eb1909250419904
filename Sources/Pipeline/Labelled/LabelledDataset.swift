import Crypto

/// N texts, each with one of K labels: what a classifier is trained and judged on.
public struct LabelledDataset: Sendable {
  /// The N texts, in the order of the data.
  public private(set) var text: TextChunk
  /// `[N]`: positions in `labelNames`.
  public private(set) var labels: [Int32]
  /// The K label names, sorted by bytes, each used at least once in the data as they were read.
  public private(set) var labelNames: [String]

  /// - Precondition: one label for each text, each a position in `labelNames`.
  public init(text: TextChunk, labels: [Int32], labelNames: [String]) {
    precondition(text.count == labels.count, "one label for each text")
    precondition(labels.allSatisfy { labelNames.indices.contains(Int($0)) }, "labels have names")
    self.text = text
    self.labels = labels
    self.labelNames = labelNames
  }

  public var count: Int { labels.count }

  /// The records at these positions, in this order; the label names stay all K.
  public func subset(_ indices: some Sequence<Int>) -> LabelledDataset {
    var text = TextChunk()
    var chosen: [Int32] = []
    for i in indices {
      text.append(self.text.bytes[self.text.range(i)])
      chosen.append(labels[i])
    }
    return LabelledDataset(text: text, labels: chosen, labelNames: labelNames)
  }

  /// Cuts off a part for development, by a hash of each record.
  ///
  /// A record is in `dev` when `h(label, text) mod 10000 < 10000 fraction`, with h the 64-bit
  /// FNV-1a of the label, a byte 0xFF (which no UTF-8 holds) and the text, well mixed. So the place
  /// of a record in the data changes nothing, equal records are never on both sides, and data that
  /// grow keep their split. The expected size of `dev` is `fraction * N`.
  ///
  /// Complexity: O(bytes).
  public func split(devFraction fraction: Double) -> (train: LabelledDataset, dev: LabelledDataset)
  {
    let names = labelNames.map { Array($0.utf8) }
    var sides: (train: [Int], dev: [Int]) = ([], [])
    for i in 0..<count {
      var hash = FNV1a()
      hash.combine(names[Int(labels[i])])
      hash.combine([0xFF])
      hash.combine(text.bytes[text.range(i)])
      if Double(hash.mixed % 10_000) < 10_000 * fraction {
        sides.dev.append(i)
      } else {
        sides.train.append(i)
      }
    }
    return (subset(sides.train), subset(sides.dev))
  }

  /// The SHA-256, in hexadecimal, of `label TAB text LF` of all records in order: what a model's
  /// provenance says of its data.
  public var digest: String {
    let names = labelNames.map { Array($0.utf8) }
    var hash = SHA256()
    for i in 0..<count {
      hash.update(data: names[Int(labels[i])])
      hash.update(data: [UInt8(ascii: "\t")])
      hash.update(data: text.bytes[text.range(i)])
      hash.update(data: [UInt8(ascii: "\n")])
    }
    return hash.finalize().map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  /// The same records with labels counted as positions in `names`, a model's own list.
  /// - Returns: the labels, or -1 for a label that `names` does not have.
  public func labels(asIn names: [String]) -> [Int32] {
    let places = Dictionary(
      zip(names.map { Array($0.utf8) }, names.indices), uniquingKeysWith: { first, _ in first })
    let map = labelNames.map { places[Array($0.utf8)].map(Int32.init) ?? -1 }
    return labels.map { map[Int($0)] }
  }
}
