import HeapModule

/// The state of learning: the vocabulary, the words as symbols, and the counts of their pairs.
struct BPELearner {
  /// The texts of the tokens, by id.
  private(set) var tokens: [[UInt8]] = []
  /// The learnt merges, the first ones first.
  private(set) var merges: [(left: Int32, right: Int32)] = []
  private let options: BPETrainingOptions
  private var ids: [[UInt8]: Int32] = [:]
  /// Symbols of all words, and where each word begins; a word shrinks in place.
  private var symbols: [Int32] = []
  private var starts: [Int] = []
  private var lengths: [Int32] = []
  private var weights: [Int] = []
  private var pairs = PairCounts()
  private var queue = Heap<MergeCandidate>()

  init(_ options: BPETrainingOptions) {
    self.options = options
    for token in options.specialTokens { insert(Array(token.utf8)) }
    if options.alphabet == .characters { insert(Array(Vocabulary.unknownToken.utf8)) }
  }

  @discardableResult
  private mutating func insert(_ token: [UInt8]) -> Int32 {
    if let id = ids[token] { return id }
    let id = Int32(tokens.count)
    ids[token] = id
    tokens.append(token)
    return id
  }

  /// Adds the symbols that words are made of, in the order of their scalars.
  mutating func addAlphabet(of words: ByteStringTable) {
    if options.alphabet == .bytes {
      for scalar in ByteAlphabet.scalars.sorted() { insert(Self.text(scalar)) }
      return
    }
    var scalars: Set<UInt32> = []
    words.bytes.withUnsafeBufferPointer { bytes in
      var i = 0
      while i < bytes.count {
        let (scalar, end) = UTF8Step.scalar(at: i, in: bytes)
        scalars.insert(scalar)
        i = end
      }
    }
    for scalar in scalars.sorted() { insert(Self.text(scalar)) }
  }

  private static func text(_ scalar: UInt32) -> [UInt8] {
    var text: [UInt8] = []
    UTF8Step.append(scalar, to: &text)
    return text
  }

  /// Cuts the words into symbols and counts their pairs.
  mutating func addWords(_ words: ByteStringTable, _ counts: [Int]) {
    let byteIDs = ByteAlphabet.texts.map { ids[$0] ?? -1 }
    words.bytes.withUnsafeBufferPointer { bytes in
      for word in 0..<words.count {
        let range = words.range(word)
        starts.append(symbols.count)
        var i = range.lowerBound
        while i < range.upperBound {
          if options.alphabet == .bytes {
            symbols.append(byteIDs[Int(bytes[i])])
            i += 1
          } else {
            let end = i + UTF8Step.length(bytes[i])
            symbols.append(ids[Array(bytes[i..<end])] ?? -1)
            i = end
          }
        }
        lengths.append(Int32(symbols.count - starts[word]))
        weights.append(counts[word])
      }
    }
    for word in starts.indices {
      for i in starts[word]..<max(starts[word], starts[word] + Int(lengths[word]) - 1) {
        pairs.add(symbols[i], symbols[i + 1], count: weights[word], word: Int32(word))
      }
    }
    for pair in pairs.pairs.indices { push(pair) }
  }

  private mutating func push(_ pair: Int) {
    guard pairs.counts[pair] > 0 else { return }
    queue.insert(
      MergeCandidate(count: pairs.counts[pair], key: pairs.pairs[pair], pair: Int32(pair)))
  }

  /// Merges until the vocabulary is full or no pair is frequent enough.
  mutating func learn() {
    var changed: [Int32] = []
    while tokens.count < options.vocabularySize, let top = queue.popMin() {
      let pair = Int(top.pair)
      // Counts only fall while a candidate waits; it waits again under its count of now.
      guard top.count == pairs.counts[pair] else {
        push(pair)
        continue
      }
      if top.count < max(1, options.minFrequency) { break }
      let (left, right) = pairs.ids(pair)
      let id = insert(tokens[Int(left)] + tokens[Int(right)])
      merges.append((left, right))
      changed.removeAll(keepingCapacity: true)
      for word in pairs.takeWords(pair) { merge(left, right, into: id, word, &changed) }
      // A pair that grew waits under its new count; each needs to be there once.
      changed.sort()
      var last: Int32 = -1
      for pair in changed where pair != last {
        push(Int(pair))
        last = pair
      }
    }
  }

  /// Merges all occurrences in one word, from left to right, and notes the pairs that became more.
  private mutating func merge(
    _ left: Int32, _ right: Int32, into id: Int32, _ word: Int32, _ changed: inout [Int32]
  ) {
    let start = starts[Int(word)]
    let end = start + Int(lengths[Int(word)])
    let weight = weights[Int(word)]
    var read = start
    var write = start
    while read < end {
      guard symbols[read] == left, read + 1 < end, symbols[read + 1] == right else {
        symbols[write] = symbols[read]
        read += 1
        write += 1
        continue
      }
      if write > start {
        pairs.add(symbols[write - 1], left, count: -weight, word: word)
        changed.append(
          Int32(pairs.add(symbols[write - 1], id, count: weight, word: word)))
      }
      if read + 2 < end {
        pairs.add(right, symbols[read + 2], count: -weight, word: word)
        changed.append(
          Int32(pairs.add(id, symbols[read + 2], count: weight, word: word)))
      }
      pairs.add(left, right, count: -weight, word: word)
      symbols[write] = id
      write += 1
      read += 2
    }
    lengths[Int(word)] = Int32(write - start)
  }
}
