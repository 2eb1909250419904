import Pipeline

/// Looks up the ids of tokens, chunk by chunk.
struct VocabularyRunner: StageRunner {
  private let vocabulary: Vocabulary
  private let rule: UnknownRule
  private let unknown: Int32?
  /// The id that ends each record; nil where none does.
  private let end: Int32?
  /// The id of the first token that the rule pins.
  private let firstPinned: Int32
  private let buckets: Int
  private var folder = TextFolder()

  init(_ vocabulary: Vocabulary, _ options: VocabularyStage.Options) {
    self.vocabulary = vocabulary
    rule = options.unknown
    unknown = vocabulary.id(of: Vocabulary.unknownToken)
    firstPinned = Int32(options.specials.count)
    buckets = options.hashBuckets
    end = options.appendEnd ? vocabulary.id(of: Vocabulary.endToken) : nil
  }

  mutating func consume(_ chunk: TokenChunk) throws -> IDChunk {
    var recordEnds: [UInt32] = []
    recordEnds.reserveCapacity(chunk.count)
    let ids = try [Int32](unsafeUninitializedCapacity: try mostIDs(of: chunk)) { room, count in
      try chunk.bytes.withUnsafeBufferPointer { bytes in
        for record in 0..<chunk.count {
          for token in chunk.tokens(record) {
            let range = Int(chunk.starts[token])..<Int(chunk.ends[token])
            let token = UnsafeBufferPointer(rebasing: bytes[range])
            if let id = vocabulary.id(of: token) {
              room[count] = id
              count += 1
            } else {
              try replace(token, of: record, in: room, &count)
            }
          }
          if let end {
            room[count] = end
            count += 1
          }
          recordEnds.append(UInt32(truncatingIfNeeded: count))
        }
      }
    }
    return IDChunk(
      ids: ids, recordEnds: recordEnds, features: chunk.features, spelling: chunk.spelling)
  }

  /// No more ids than that can come of the chunk.
  private func mostIDs(of chunk: TokenChunk) throws -> Int {
    var most = chunk.starts.count
    if rule == .bytes {
      for (start, end) in zip(chunk.starts, chunk.ends) { most += Int(end - start) }
    }
    if end != nil { most += chunk.count }
    guard most <= Int(UInt32.max) else {
      throw TokenizeError.chunkTooLarge(stage: VocabularyStage.descriptor.id)
    }
    return most
  }

  /// Writes what stands for a token that the vocabulary lacks.
  private mutating func replace(
    _ token: UnsafeBufferPointer<UInt8>, of record: Int,
    in room: UnsafeMutableBufferPointer<Int32>, _ count: inout Int
  ) throws {
    var id: Int32?
    switch rule {
    case .error: throw TokenizeError.unknownToken(bytes: Array(token), record: record)
    case .unknown: id = unknown
    case .skip: return
    case .fold: id = try folder.withFold(of: token) { vocabulary.id(of: $0) } ?? unknown
    case .hash: id = firstPinned + Int32(UnknownRule.bucket(of: token, among: buckets))
    case .bytes:
      for byte in token {
        room[count] = firstPinned + Int32(byte)
        count += 1
      }
      return
    }
    guard let id else { return }
    room[count] = id
    count += 1
  }
}
