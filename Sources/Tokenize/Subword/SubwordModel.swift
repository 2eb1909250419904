/// The model of a tokenizer: what cuts a word, or a whole text, into tokens.
enum SubwordModel: Sendable {
  case bpe(BPEModel)
  case unigram(UnigramModel)
  case wordPiece(WordPieceModel)
  case wordLevel(WordLevelModel)

  var tokens: TokenTable {
    switch self {
    case .bpe(let model): model.tokens
    case .unigram(let model): model.tokens
    case .wordPiece(let model): model.tokens
    case .wordLevel(let model): model.tokens
    }
  }

  func makeRunner() -> any SubwordModelRunner {
    switch self {
    case .bpe(let model): BPERunner(model)
    case .unigram(let model): UnigramRunner(model)
    case .wordPiece(let model): model
    case .wordLevel(let model): model
    }
  }
}

/// The mutable side of a model: its scratch memory and its cache.
protocol SubwordModelRunner {
  /// Appends the tokens of the word at `range` of `text`.
  mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into pieces: inout PieceList) throws

  /// Appends the tokens of each range of `text`; an id in `splits` (not -1) stands for its range.
  mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ splits: [Split], into pieces: inout PieceList) throws
}

extension SubwordModelRunner {
  mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ splits: [Split], into pieces: inout PieceList
  ) throws {
    for split in splits {
      let range = Int(split.start)..<Int(split.end)
      if split.id >= 0 {
        pieces.append(split.id, range.lowerBound, range.upperBound, isSurface: true)
      } else {
        try encode(text, range, into: &pieces)
      }
    }
  }
}
