/// Makes a tokenizer of a SentencePiece `.model`, of type unigram or BPE.
struct SentencePieceReader {
  private let content: SentencePieceFile
  private let file: String

  init(_ bytes: [UInt8], file: String) throws {
    self.file = file
    content = try SentencePieceFile(bytes, file: file)
  }

  func tokenizer() throws -> SubwordTokenizer {
    let tokens = try tokens()
    let model: SubwordModel
    switch content.modelType {
    case .unigram: model = .unigram(try unigram(tokens))
    case .bpe: model = .bpe(try bpe(tokens))
    case .word, .character:
      throw fault(
        "trainer_spec.model_type",
        "models of type \(content.modelType) are not supported (unigram and bpe are)")
    }
    let space = content.escapesSpaces ? Metaspace.bytes : [0x20]
    var decoders: [TokenDecoder] = [
      .replace(.literal(space), content: [0x20]), .byteFallback, .fuse,
    ]
    if content.addsPrefix {
      decoders.append(
        .strip(
          content: [0x20], start: content.spaceIsSuffix ? 0 : 1,
          stop: content.spaceIsSuffix ? 1 : 0))
    }
    return SubwordTokenizer(
      added: AddedTokens(controlTokens, normalize: { $0 }), normalizer: try normalizer(),
      preTokenizer: nil, model: model, decoders: decoders)
  }

  private func fault(_ path: String, _ problem: String) -> TokenizeError {
    .malformedTokenizer(file: file, path: path, problem: problem)
  }

  private func tokens() throws -> TokenTable {
    var table = TokenTable()
    guard content.pieces.count <= TokenTable.maximumID else {
      throw fault("pieces", "there are too many")
    }
    for (i, piece) in content.pieces.enumerated() {
      guard table.id(of: piece.text) < 0 else {
        throw fault("pieces[\(i)]", "the piece stands twice")
      }
      try table.insert(piece.text, id: Int32(i))
    }
    return table
  }

  /// Tokens that text never gives and that decoding leaves out.
  private var controlTokens: [AddedToken] {
    content.pieces.indices.filter { content.pieces[$0].type == .control }.map {
      AddedToken(
        id: Int32($0), content: content.pieces[$0].text, isSpecial: true, isSoughtInText: false)
    }
  }

  private var symbols: ByteTrie? {
    let pieces = content.pieces.indices.filter { content.pieces[$0].type == .userDefined }
    return pieces.isEmpty ? nil : ByteTrie(pieces.map { (content.pieces[$0].text, Int32($0)) })
  }

  private func normalizer() throws -> SentencePieceNormalizer {
    var map: CharacterMap?
    if !content.characterMap.isEmpty {
      do {
        map = try CharacterMap(content.characterMap, resource: file)
      } catch TokenizeError.malformedResource(_, let offset, let reason) {
        throw fault("normalizer_spec.precompiled_charsmap", "byte \(offset): \(reason)")
      }
    }
    return SentencePieceNormalizer(
      map: map, symbols: symbols, addsPrefix: content.addsPrefix,
      removesExtraSpaces: content.removesExtraSpaces, escapesSpaces: content.escapesSpaces,
      spaceIsSuffix: content.spaceIsSuffix)
  }

  private func unknown() throws -> Int32 {
    guard let unknown = content.pieces.firstIndex(where: { $0.type == .unknown }) else {
      throw fault("pieces", "none is the unknown piece")
    }
    return Int32(unknown)
  }

  // MARK: Models

  private func unigram(_ tokens: TokenTable) throws -> UnigramModel {
    let scores = content.pieces.filter { $0.type == .normal }.map(\.score)
    // The library begins its maximum at the least positive number.
    let highest = max(scores.max() ?? 0, Float.leastNormalMagnitude)
    let pieces = content.pieces.enumerated().compactMap { id, piece -> UnigramModel.Piece? in
      switch piece.type {
      case .normal:
        return UnigramModel.Piece(text: piece.text, id: Int32(id), score: Double(piece.score))
      case .userDefined:
        // A symbol of the user's is always taken: it costs next to nothing.
        let score = Double(Float(piece.text.count) * highest) - 0.1
        return UnigramModel.Piece(text: piece.text, id: Int32(id), score: score)
      default: return nil
      }
    }
    return UnigramModel(
      tokens: tokens, pieces: pieces, unknown: try unknown(),
      lowestScore: Double(scores.min() ?? 0), fallsBackToBytes: content.fallsBackToBytes,
      isSinglePrecision: true)
  }

  /// The library merges the neighbours whose union has the highest score. So every cut of a piece
  /// into two pieces is a merge, and its rank is that of its score.
  private func bpe(_ tokens: TokenTable) throws -> BPEModel {
    let normal = content.pieces.indices.filter { content.pieces[$0].type == .normal }
    let scores = Set(normal.map { content.pieces[$0].score }).sorted(by: >)
    var ranks: [Float: UInt32] = [:]
    for (rank, score) in scores.enumerated() { ranks[score] = UInt32(rank) }
    var merges: [(left: Int32, right: Int32, rank: UInt32, id: Int32)] = []
    for id in normal {
      let piece = content.pieces[id]
      for cut in piece.text.indices.dropFirst() where piece.text[cut] & 0xC0 != 0x80 {
        let left = tokens.id(of: Array(piece.text[..<cut]))
        let right = tokens.id(of: Array(piece.text[cut...]))
        guard left >= 0, right >= 0, content.pieces[Int(left)].type == .normal,
          content.pieces[Int(right)].type == .normal
        else { continue }
        merges.append((left, right, ranks[piece.score] ?? 0, Int32(id)))
      }
    }
    var table = MergeTable(capacity: merges.count)
    for merge in merges {
      table.insert(merge.left, merge.right, rank: merge.rank, id: merge.id)
    }
    var options = BPEModel.Options()
    options.unknown = try unknown()
    options.fusesUnknown = true
    options.fallsBackToBytes = content.fallsBackToBytes
    options.keepsUnknownText = true
    options.symbols = symbols
    return try BPEModel(tokens: tokens, merges: table, options: options, isByteLevel: false)
  }
}
