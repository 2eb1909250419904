/// A vocabulary as a text file: one line `token TAB count LF` for each id from 0 on, escaped as in
/// a count file. Special tokens stand first and have the count 0, which no learnt token has.
///
/// `cut -f 1` gives the plain list of tokens, and a line's number less one is its id.
public struct VocabularyFile: Sendable {
  public let vocabulary: Vocabulary
  /// How often each token was seen, by id.
  public let counts: [UInt64]

  /// Chooses tokens from count files: by falling count, ties by bytes, a total order.
  ///
  /// Memory is that of the tokens kept, at most twice `maxSize` of them where it is given.
  /// - Parameters:
  ///   - countFiles: Count files in canonical form; their counts are added.
  ///   - specials: Pinned to the first ids; they are not counted.
  ///   - minCount: Tokens seen less often are left out.
  ///   - maxSize: At most this many tokens besides the special ones; 0 for no limit.
  /// - Throws: `TokenizeError.malformedCounts`, `.countOverflow`, `.duplicateToken` for a special
  ///   token given twice, `.tableTooLarge`; `PipelineError.cannotOpen`, `.cannotRead`.
  public init(
    countFiles: [String], specials: [String] = [Vocabulary.unknownToken, Vocabulary.endToken],
    minCount: UInt64 = 1, maxSize: Int = 0
  ) throws {
    let pinned = specials.map { Array($0.utf8) }
    let special = try Vocabulary(tokens: pinned)
    var choice = FrequentTokens(limit: maxSize)
    var merge = try CountMerge(countFiles.map { try CountReader(file: $0) })
    try merge.visit { token, count in
      if count >= minCount, special.id(of: token) == nil { choice.add(token, count) }
    }
    let chosen = choice.ordered()
    vocabulary = try Vocabulary(
      tokens: pinned + chosen.map(\.token), specialCount: pinned.count)
    counts = pinned.map { _ in 0 } + chosen.map(\.count)
  }

  /// Reads a file that `text` gave; `-` is standard input.
  /// - Throws: `TokenizeError.malformedCounts` for a malformed line, a token that stands twice or a
  ///   special token behind others; `PipelineError.cannotOpen`, `.cannotRead`.
  public init(file: String) throws {
    let reader = try CountReader(file: file, order: .any)
    var table = ByteStringTable()
    var counts: [UInt64] = []
    var specialCount = 0
    while try reader.advance() {
      let isNew = try reader.token.withUnsafeBufferPointer { try table.insert($0).isNew }
      guard isNew else { throw reader.malformed("repeats a token") }
      if reader.count == 0 {
        guard specialCount == counts.count else {
          throw reader.malformed("has the count 0 of a special token, which must stand first")
        }
        specialCount += 1
      }
      counts.append(reader.count)
    }
    vocabulary = Vocabulary(table: table, specialCount: specialCount)
    self.counts = counts
  }

  /// The bytes of the file.
  public var text: [UInt8] {
    var lines: [UInt8] = []
    for (id, count) in counts.enumerated() {
      if let token = vocabulary.token(Int32(id)) { CountLine.append(token, count, to: &lines) }
    }
    return lines
  }
}

/// The most frequent tokens of a stream of tokens that ascend by their bytes.
private struct FrequentTokens {
  typealias Entry = (token: [UInt8], count: UInt64, place: Int)

  /// 0 for no limit.
  let limit: Int
  private var entries: [Entry] = []
  private var added = 0

  init(limit: Int) { self.limit = limit }

  mutating func add(_ token: [UInt8], _ count: UInt64) {
    entries.append((token, count, added))
    added += 1
    // Cutting to the half that may stay costs O(log limit) for each token that came.
    if limit > 0, (entries.count - 1024) / 2 >= limit { entries = ordered() }
  }

  func ordered() -> [Entry] {
    let sorted = entries.sorted { $0.count != $1.count ? $0.count > $1.count : $0.place < $1.place }
    return limit > 0 ? Array(sorted.prefix(limit)) : sorted
  }
}
