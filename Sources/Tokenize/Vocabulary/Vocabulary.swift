public import Pipeline

/// Tokens with dense ids: special tokens first, in the order given, then tokens learnt from data.
///
/// Keys are bytes: tokens that differ only in normal form are different tokens. A token of the text
/// that equals a special token's bytes gets the special token's id.
public struct Vocabulary: Sendable, Hashable {
  /// Stands for tokens that the vocabulary lacks.
  public static let unknownToken = "<unk>"
  /// Ends a record.
  public static let endToken = "<end>"

  /// How many of the first ids are special tokens.
  public let specialCount: Int
  private let table: ByteStringTable
  /// Ids of the 256 one-byte tokens, -1 where there is none.
  private let byteIDs: [Int32]

  /// The vocabulary of the given tokens in this order, the first `specialCount` of them special.
  /// - Throws: `TokenizeError.duplicateToken`; `.tableTooLarge`.
  public init(tokens: some Sequence<some Collection<UInt8>>, specialCount: Int = 0) throws {
    var table = ByteStringTable()
    for token in tokens {
      let bytes = Array(token)
      guard try bytes.withUnsafeBufferPointer({ try table.insert($0) }).isNew else {
        throw TokenizeError.duplicateToken(bytes: bytes)
      }
    }
    precondition(specialCount >= 0 && specialCount <= table.count, "more specials than tokens")
    self.init(table: table, specialCount: specialCount)
  }

  init(table: ByteStringTable, specialCount: Int) {
    self.table = table
    self.specialCount = specialCount
    byteIDs = (0...255).map { (byte: UInt8) in
      withUnsafeBytes(of: byte) { table.find($0.assumingMemoryBound(to: UInt8.self)) }
    }
  }

  /// The vocabulary of the tokens in `chunks`, by falling count, ties by bytes: a total order, so
  /// the result depends neither on the order of the records nor on how they are cut into chunks.
  ///
  /// - Parameters:
  ///   - specials: Pinned to the first ids; they are not counted.
  ///   - minCount: Tokens seen less often are left out.
  ///   - maxSize: At most this many tokens besides the special ones; 0 for no limit.
  /// - Throws: `TokenizeError.duplicateToken` for a special token given twice; `.tableTooLarge`.
  public init(
    counting chunks: some Sequence<TokenChunk>, specials: [String] = [unknownToken, endToken],
    minCount: Int = 1, maxSize: Int = 0
  ) throws {
    let special = try Vocabulary(tokens: specials.map { Array($0.utf8) })
    var counted = ByteStringTable()
    var counts: [Int] = []
    for chunk in chunks { try Self.count(chunk, into: &counted, &counts) }
    var order = counts.indices.filter {
      counts[$0] >= minCount && special.id(of: counted[$0]) == nil
    }
    order.sort {
      counts[$0] != counts[$1]
        ? counts[$0] > counts[$1] : counted[$0].lexicographicallyPrecedes(counted[$1])
    }
    if maxSize > 0 { order = Array(order.prefix(maxSize)) }
    try self.init(
      tokens: specials.map { Array($0.utf8)[...] } + order.map { counted[$0] },
      specialCount: specials.count)
  }

  private static func count(
    _ chunk: TokenChunk, into table: inout ByteStringTable, _ counts: inout [Int]
  ) throws {
    try chunk.bytes.withUnsafeBufferPointer { bytes in
      for token in chunk.starts.indices {
        let range = Int(chunk.starts[token])..<Int(chunk.ends[token])
        let (id, isNew) = try table.insert(UnsafeBufferPointer(rebasing: bytes[range]))
        if isNew { counts.append(1) } else { counts[Int(id)] += 1 }
      }
    }
  }

  /// The number of tokens V, special ones included.
  public var count: Int { table.count }

  /// The id of a token, or nil. O(length of the token), without allocation.
  @inline(__always)
  public func id(of token: UnsafeBufferPointer<UInt8>) -> Int32? {
    let id = token.count == 1 ? byteIDs[Int(token[0])] : table.find(token)
    return id < 0 ? nil : id
  }

  /// The id of a token, or nil.
  public func id(of token: some Sequence<UInt8>) -> Int32? {
    let fast = token.withContiguousStorageIfAvailable { id(of: $0) }
    return fast ?? Array(token).withUnsafeBufferPointer { id(of: $0) }
  }

  /// The id of a token, or nil. Bytes are compared: no normal form is assumed.
  public func id(of token: String) -> Int32? { id(of: Array(token.utf8)) }

  /// The bytes of the token with that id; nil where there is no such id.
  public func token(_ id: Int32) -> ArraySlice<UInt8>? {
    table.ends.indices.contains(Int(id)) ? table[Int(id)] : nil
  }

  public static func == (a: Vocabulary, b: Vocabulary) -> Bool {
    a.specialCount == b.specialCount && a.table.ends == b.table.ends
      && a.table.bytes == b.table.bytes
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(specialCount)
    hasher.combine(table.ends)
    hasher.combine(table.bytes)
  }
}

// MARK: Resources

extension Vocabulary {
  /// The vocabulary as bytes: the number of special tokens and the number of tokens V (UInt32,
  /// little-endian), V ends of tokens (UInt32), then the bytes of all tokens.
  public var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt32(truncatingIfNeeded: specialCount))
    writer.append(UInt32(truncatingIfNeeded: count))
    for end in table.ends { writer.append(end) }
    writer.bytes.append(contentsOf: table.bytes)
    return writer.bytes
  }

  /// Reads what `encoded` gave. Everything is checked before it is used: sizes, order of the ends,
  /// that all bytes are covered and that every token stands once.
  /// - Throws: `TokenizeError.malformedResource`.
  public init(encoded bytes: [UInt8], resource: String) throws {
    var reader = ByteReader(bytes, resource: resource)
    let specialCount = Int(try reader.uint32())
    let count = Int(try reader.uint32())
    guard specialCount <= count else { throw reader.error("more special tokens than tokens") }
    guard count < Int(Int32.max), reader.remaining / 4 >= count else {
      throw reader.error("\(count) tokens do not fit the size of the resource")
    }
    var ends: [Int] = []
    ends.reserveCapacity(count)
    for _ in 0..<count { ends.append(Int(try reader.uint32())) }
    guard (ends.last ?? 0) == reader.remaining else {
      throw reader.error("the last token does not end with the resource")
    }
    var table = ByteStringTable()
    var begin = 0
    for end in ends {
      guard end >= begin else { throw reader.error("token \(table.count) ends before it begins") }
      let isNew = try reader.withBytes(end - begin) { try table.insert($0).isNew }
      guard isNew else { throw reader.error("token \(table.count) stands twice") }
      begin = end
    }
    self.init(table: table, specialCount: specialCount)
  }
}
