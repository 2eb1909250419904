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

  func makeRunner() -> SubwordModelRunner {
    switch self {
    case .bpe(let model): .bpe(BPERunner(model))
    case .unigram(let model): .unigram(UnigramRunner(model))
    case .wordPiece(let model): .wordPiece(model)
    case .wordLevel(let model): .wordLevel(model)
    }
  }
}

/// The mutable side of a model: its scratch memory and its cache.
enum SubwordModelRunner {
  case bpe(BPERunner)
  case unigram(UnigramRunner)
  case wordPiece(WordPieceModel)
  case wordLevel(WordLevelModel)
  /// While it encodes.
  case busy

  /// Appends the tokens of each range of `text`; an id in `fixed` (not -1) stands for its range.
  mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ splits: [Split], into pieces: inout PieceList
  ) throws {
    // The payload is taken out for the loop, so that it is changed in place.
    switch self {
    case .bpe(var runner):
      self = .busy
      defer { self = .bpe(runner) }
      try Self.encode(text, splits, into: &pieces) { try runner.encode(text, $0, into: &$1) }
    case .unigram(var runner):
      self = .busy
      defer { self = .unigram(runner) }
      try Self.encode(text, splits, into: &pieces) { try runner.encode(text, $0, into: &$1) }
    case .wordPiece(let model):
      try Self.encode(text, splits, into: &pieces) { model.encode(text, $0, into: &$1) }
    case .wordLevel(let model):
      try Self.encode(text, splits, into: &pieces) { try model.encode(text, $0, into: &$1) }
    case .busy: preconditionFailure("a model runner called by itself")
    }
  }

  @inline(__always)
  private static func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ splits: [Split], into pieces: inout PieceList,
    _ word: (Range<Int>, inout PieceList) throws -> Void
  ) throws {
    for split in splits {
      let range = Int(split.start)..<Int(split.end)
      if split.id >= 0 {
        pieces.append(split.id, range.lowerBound, range.upperBound, isSurface: true)
      } else {
        try word(range, &pieces)
      }
    }
  }
}
