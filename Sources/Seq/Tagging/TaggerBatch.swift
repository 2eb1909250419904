package import Pipeline

/// Some sentences, laid out for the network: sorted by falling length, time-major, without padding.
package struct TaggerBatch: Sendable {
  /// M words: those of step 0, then of step 1, and so on.
  package var ids: [Int32]
  package let layout: SequenceLayout
  /// For each of the M rows, the position of its token in the chunk.
  package let positions: [Int]
  package let spelling: SpellingBatch?

  /// Takes the given tokens of a chunk; each range is a sentence.
  ///
  /// - Precondition: no range is empty.
  package init(_ chunk: IDChunk, sentences: [Range<Int>]) {
    let sorted = sentences.sorted {
      $0.count == $1.count ? $0.lowerBound < $1.lowerBound : $0.count > $1.count
    }
    let layout = SequenceLayout(lengths: sorted.map(\.count))
    var positions = [Int](repeating: 0, count: layout.rowCount)
    for (n, sentence) in sorted.enumerated() {
      for (t, position) in sentence.enumerated() {
        positions[layout.row(step: t, sequence: n)] = position
      }
    }
    self.layout = layout
    self.positions = positions
    ids = positions.map { chunk.ids[$0] }
    spelling = chunk.spelling.map { SpellingBatch($0, tokens: positions) }
  }

  /// Some numbers of tokens in the order of the rows, `[M]`.
  package func rows(of values: [Int32]) -> [Int32] { positions.map { values[$0] } }
}

/// The different spellings among some tokens, each once, laid out for a network over characters.
package struct SpellingBatch: Sendable {
  package let ids: [Int32]
  package let layout: SequenceLayout
  /// For each token, the sequence that spells it.
  package let sequences: [Int32]

  /// A token without characters is read as the single character 0.
  init(_ spelling: Spelling, tokens: [Int]) {
    var places: [ArraySlice<Int32>: Int32] = [:]
    var spellings: [ArraySlice<Int32>] = []
    let found = tokens.map { token in
      let range = spelling.range(token)
      let characters = range.isEmpty ? [0][...] : spelling.ids[range]
      if let place = places[characters] { return place }
      let place = Int32(spellings.count)
      places[characters] = place
      spellings.append(characters)
      return place
    }
    let order = spellings.indices.sorted {
      let (a, b) = (spellings[$0].count, spellings[$1].count)
      return a == b ? $0 < $1 : a > b
    }
    let layout = SequenceLayout(lengths: order.map { spellings[$0].count })
    var ids = [Int32](repeating: 0, count: layout.rowCount)
    var sequence = [Int32](repeating: 0, count: order.count)
    for (n, place) in order.enumerated() {
      sequence[place] = Int32(n)
      for (t, id) in spellings[place].enumerated() { ids[layout.row(step: t, sequence: n)] = id }
    }
    self.ids = ids
    self.layout = layout
    sequences = found.map { sequence[Int($0)] }
  }
}

extension IDChunk {
  /// The tokens of each record, cut into pieces of at most `maximumLength`.
  func sentences(maximumLength: Int) -> [Range<Int>] {
    (0..<count).flatMap { record in
      let range = range(record)
      return stride(from: range.lowerBound, to: range.upperBound, by: maximumLength).map {
        $0..<min($0 + maximumLength, range.upperBound)
      }
    }
  }

  /// Checks words and spellings against the sizes of the tables.
  /// - Throws: `SeqError.unusableData`.
  func validate(for options: TaggerOptions) throws {
    try validate(symbols: options.symbols)
    guard options.spells else { return }
    guard let spelling, spelling.tokenEnds.count == ids.count else {
      throw SeqError.unusableData(
        "\(spelling?.tokenEnds.count ?? 0) tokens are spelled, but there are \(ids.count) "
          + "(a tagger that spells needs features.characters before the vocabulary)")
    }
    let limit = Int32(options.characters)
    if let id = spelling.ids.first(where: { !(0..<limit).contains($0) }) {
      throw SeqError.unusableData(
        "character \(id) is not one of the model's \(limit) "
          + "(were the characters learnt for another model?)")
    }
  }
}
