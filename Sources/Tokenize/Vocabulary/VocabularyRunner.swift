import Pipeline

/// Looks up the ids of tokens, chunk by chunk.
struct VocabularyRunner: StageRunner {
  private let vocabulary: Vocabulary
  private let rule: UnknownRule
  private let unknown: Int32?
  /// The id that ends each record; nil where none does.
  private let end: Int32?
  private var folder = TextFolder()

  init(_ vocabulary: Vocabulary, _ options: VocabularyStage.Options) {
    self.vocabulary = vocabulary
    rule = options.unknown
    unknown = vocabulary.id(of: Vocabulary.unknownToken)
    end = options.appendEnd ? vocabulary.id(of: Vocabulary.endToken) : nil
  }

  mutating func consume(_ chunk: TokenChunk) throws -> IDChunk {
    var recordEnds: [UInt32] = []
    recordEnds.reserveCapacity(chunk.count)
    let capacity = chunk.starts.count + (end == nil ? 0 : chunk.count)
    guard capacity <= Int(UInt32.max) else {
      throw TokenizeError.chunkTooLarge(stage: VocabularyStage.descriptor.id)
    }
    let ids = try [Int32](unsafeUninitializedCapacity: capacity) { room, count in
      try chunk.bytes.withUnsafeBufferPointer { bytes in
        for record in 0..<chunk.count {
          for token in chunk.tokens(record) {
            let range = Int(chunk.starts[token])..<Int(chunk.ends[token])
            let token = UnsafeBufferPointer(rebasing: bytes[range])
            guard let id = try vocabulary.id(of: token) ?? replacement(token, record) else {
              continue
            }
            room[count] = id
            count += 1
          }
          if let end {
            room[count] = end
            count += 1
          }
          recordEnds.append(UInt32(truncatingIfNeeded: count))
        }
      }
    }
    return IDChunk(ids: ids, recordEnds: recordEnds, features: chunk.features)
  }

  /// What stands for a token that the vocabulary lacks; nil where nothing does.
  private mutating func replacement(
    _ token: UnsafeBufferPointer<UInt8>, _ record: Int
  ) throws -> Int32? {
    switch rule {
    case .error: throw TokenizeError.unknownToken(bytes: Array(token), record: record)
    case .unknown: return unknown
    case .skip: return nil
    case .fold:
      let folded = try folder.withFold(of: token) { vocabulary.id(of: $0) }
      return folded ?? unknown
    }
  }
}
