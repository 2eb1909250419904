public import Pipeline

/// Spells every token: adds its characters (Unicode scalars), as ids of a vocabulary learnt from the
/// training data. Tokens pass through.
///
/// A character that fitting has not seen is `<unk>`, id 0. Bytes that are no UTF-8 (byte tokens) are
/// characters of their own.
public struct CharacterFeatures: FittableStage {
  public struct Options: StageOptions {
    /// Characters seen less often in fitting are `<unk>`.
    public var minCount: Int
    /// How many characters of a token are spelled.
    public var maximumLength: Int

    public init() { self.init(minCount: 1) }
    public init(minCount: Int = 1, maximumLength: Int = 48) {
      self.minCount = minCount
      self.maximumLength = maximumLength
    }
  }

  public static let descriptor = StageDescriptor(
    id: "features.characters@1", summary: "Add the characters of each token", input: .tokens,
    output: .tokens,
    options: [
      OptionDescriptor("minCount", "Characters seen less often are unknown"),
      OptionDescriptor("maximumLength", "How many characters of a token are read"),
    ])

  private static let resource = "characters"

  public let options: Options
  /// `<unk>`, then the characters by falling count.
  public let vocabulary: Vocabulary

  private init(options: Options, vocabulary: Vocabulary) throws {
    guard options.minCount >= 1 else { throw Self.invalid("minCount", "must be at least 1") }
    guard (1...(1 << 16)).contains(options.maximumLength) else {
      throw Self.invalid("maximumLength", "must be from 1 to 65536")
    }
    guard vocabulary.specialCount == 1, vocabulary.id(of: Vocabulary.unknownToken) == 0 else {
      throw Self.invalid("characters", "the vocabulary does not begin with <unk>")
    }
    self.options = options
    self.vocabulary = vocabulary
  }

  /// Reads the characters that `write(to:)` saved.
  public init(options: Options, resources: ResourceReader) throws {
    try self.init(
      options: options,
      vocabulary: try Vocabulary(
        encoded: resources.bytes(Self.resource), resource: Self.resource))
  }

  public static func fit(_ options: Options, on chunks: [TokenChunk]) throws -> CharacterFeatures {
    let characters = chunks.map { chunk in
      var characters = TokenChunk(bytes: chunk.bytes)
      for token in chunk.starts.indices {
        chunk.forEachCharacter(of: token, atMost: options.maximumLength) {
          characters.starts.append(UInt32($0.lowerBound))
          characters.ends.append(UInt32($0.upperBound))
        }
      }
      return characters
    }
    return try CharacterFeatures(
      options: options,
      vocabulary: try Vocabulary(
        counting: characters, specials: [Vocabulary.unknownToken], minCount: options.minCount))
  }

  public func write(to resources: inout ResourceWriter) throws {
    try resources.add(Self.resource, bytes: vocabulary.encoded)
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<TokenChunk, TokenChunk> {
    Runner(vocabulary: vocabulary, maximumLength: options.maximumLength)
  }

  private struct Runner: StageRunner {
    let vocabulary: Vocabulary
    let maximumLength: Int

    func consume(_ chunk: TokenChunk) throws -> TokenChunk {
      var spelling = Spelling()
      spelling.ids.reserveCapacity(chunk.bytes.count)
      spelling.tokenEnds.reserveCapacity(chunk.starts.count)
      chunk.bytes.withUnsafeBufferPointer { bytes in
        for token in chunk.starts.indices {
          chunk.forEachCharacter(of: token, atMost: maximumLength) {
            let id = vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes[$0]))
            spelling.ids.append(id ?? 0)
          }
          spelling.tokenEnds.append(UInt32(truncatingIfNeeded: spelling.ids.count))
        }
      }
      guard spelling.ids.count <= Int(UInt32.max) else {
        throw TokenizeError.chunkTooLarge(stage: CharacterFeatures.descriptor.id)
      }
      var result = chunk
      result.spelling = spelling
      return result
    }
  }

  private static func invalid(_ option: String, _ reason: String) -> TokenizeError {
    .invalidOption(stage: descriptor.id, option: option, reason: reason)
  }
}

extension TokenChunk {
  /// Calls `body` with the byte range of each of the token's first `limit` characters.
  fileprivate func forEachCharacter(of token: Int, atMost limit: Int, _ body: (Range<Int>) -> Void)
  {
    var start = Int(starts[token])
    let end = Int(ends[token])
    var rest = limit
    while start < end, rest > 0 {
      var next = start + 1
      while next < end, bytes[next] & 0xC0 == 0x80 { next += 1 }
      body(start..<next)
      (start, rest) = (next, rest - 1)
    }
  }
}
