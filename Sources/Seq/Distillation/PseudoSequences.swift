public import Pipeline

/// Makes sequences that look like those of a training set without being in it, for a teacher to
/// label: the material of distillation where there is no unlabelled data.
///
/// Of each hundred, 35 join a prefix and a suffix of two sequences of one class at a symbol that
/// they share, 20 do so across classes, 30 are drawn from the 4-gram counts of a class, and 15 are
/// a sequence with one symbol put in, left out or replaced. Classes are drawn with weight n^0.8.
public struct PseudoSequences {
  /// The symbol that ends every sequence, if one does; it stays at the end.
  private let end: Int32?
  private let sequences: [[Int32]]
  private let byClass: [[Int]]
  private let cumulativeWeights: [Double]
  /// The suffixes that can follow a symbol: sequence and start, per class and over all.
  private var suffixes: [[Int32: [Suffix]]]
  private var followers: [[[Int32]: [Int32]]]
  private var known: Set<[Int32]>
  private let longest: Int
  private var random: RandomGenerator

  private struct Suffix {
    let sequence: Int
    let start: Int
  }

  public init(_ examples: ClassifierExamples, classCount: Int, end: Int32?, seed: UInt64) {
    self.end = end
    sequences = (0..<examples.count).map { record in
      let all = Array(examples.ids.ids[examples.ids.range(record)])
      return all.last == end ? all.dropLast() : all
    }
    var byClass = [[Int]](repeating: [], count: classCount)
    for (record, label) in examples.labels.enumerated() { byClass[Int(label)].append(record) }
    self.byClass = byClass
    var sum = 0.0
    cumulativeWeights = byClass.map {
      sum += $0.isEmpty ? 0 : Double.exp(0.8 * Double.log(Double($0.count)))
      return sum
    }
    known = Set(sequences)
    longest = sequences.map(\.count).max() ?? 0
    random = RandomGenerator(seed: seed, stream: 0x7073_6575_646f)
    suffixes = [[Int32: [Suffix]]](repeating: [:], count: classCount + 1)
    followers = [[[Int32]: [Int32]]](repeating: [:], count: classCount)
    for (record, label) in examples.labels.enumerated() { index(record, Int(label)) }
  }

  private mutating func index(_ record: Int, _ label: Int) {
    let sequence = sequences[record]
    for start in 1..<max(1, sequence.count) {
      let suffix = Suffix(sequence: record, start: start)
      suffixes[label][sequence[start - 1], default: []].append(suffix)
      suffixes[byClass.count][sequence[start - 1], default: []].append(suffix)
    }
    let padded = [-1, -1, -1] + sequence + [-2]
    for i in 3..<padded.count {
      for length in 0...3 {
        followers[label][Array(padded[i - length..<i]), default: []].append(padded[i])
      }
    }
  }

  /// At most `count` different new sequences, fewer where the data does not give more.
  public mutating func make(_ count: Int) -> IDChunk {
    var chunk = IDChunk()
    var attempts = 0
    while chunk.count < count, attempts < 20 * count {
      attempts += 1
      guard let sequence = draw(), sequence.count >= 2, sequence.count <= longest,
        known.insert(sequence).inserted
      else { continue }
      chunk.ids += sequence
      if let end { chunk.ids.append(end) }
      chunk.recordEnds.append(UInt32(chunk.ids.count))
    }
    return chunk
  }

  private mutating func draw() -> [Int32]? {
    let point = random.uniform() * (cumulativeWeights.last ?? 0)
    guard let label = cumulativeWeights.firstIndex(where: { $0 > point }) else { return nil }
    let base = sequences[byClass[label][pick(byClass[label].count)]]
    guard base.count >= 3 else { return nil }
    let kind = random.uniform()
    if kind < 0.35 { return joined(base, from: label) }
    if kind < 0.55 { return joined(base, from: byClass.count) }
    return kind < 0.85 ? sampled(label) : edited(base, label)
  }

  private mutating func joined(_ base: [Int32], from group: Int) -> [Int32]? {
    let cut = 1 + pick(base.count - 1)
    guard let choices = suffixes[group][base[cut - 1]] else { return nil }
    let suffix = choices[pick(choices.count)]
    return Array(base[..<cut]) + sequences[suffix.sequence][suffix.start...]
  }

  private mutating func sampled(_ label: Int) -> [Int32]? {
    var symbols: [Int32] = [-1, -1, -1]
    while symbols.count < longest + 4 {
      var length = 3
      while length > 0,
        (followers[label][symbols.suffix(length)]?.count ?? 0) < 3 || random.uniform() < 0.15
      {
        length -= 1
      }
      guard let choices = followers[label][symbols.suffix(length)] else { return nil }
      let next = choices[pick(choices.count)]
      if next == -2 { return Array(symbols[3...]) }
      symbols.append(next)
    }
    return nil
  }

  private mutating func edited(_ base: [Int32], _ label: Int) -> [Int32]? {
    let place = 1 + pick(base.count - 1)
    let other = sequences[byClass[label][pick(byClass[label].count)]]
    guard let symbol = other.dropFirst().randomElement(using: &random) else { return nil }
    var edited = base
    switch pick(3) {
    case 0: edited[place] = symbol
    case 1: edited.remove(at: place)
    default: edited.insert(symbol, at: place)
    }
    return edited
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}

extension [[Int32]: [Int32]] {
  fileprivate subscript(_ context: ArraySlice<Int32>) -> [Int32]? { self[Array(context)] }
}
