public import Pipeline

/// How often each token occurs: byte strings with counts of 64 bits.
///
/// Merging is associative and commutative, and the canonical form depends on the counts alone: any
/// cut of a corpus, merged in any tree, gives the same bytes. Tokens are compared as bytes, so
/// tokens that differ only in normal form are different tokens. Memory is about 60 bytes for each
/// distinct token and its own bytes; counting one more occurrence allocates nothing.
public struct TokenCounts: Sendable {
  private var table = ByteStringTable()
  private var counts: [UInt64] = []

  public init() {}

  /// The number of distinct tokens.
  public var count: Int { counts.count }

  /// How often `token` was counted.
  public subscript(token: some Sequence<UInt8>) -> UInt64 {
    let id = Array(token).withUnsafeBufferPointer { table.find($0) }
    return id < 0 ? 0 : counts[Int(id)]
  }

  /// Counts `token` `count` times more.
  /// - Throws: `TokenizeError.countOverflow`; `.tableTooLarge` past 2^31 - 2 tokens or 4 GiB.
  public mutating func add(_ token: some Sequence<UInt8>, count: UInt64 = 1) throws {
    if count == 0 { return }
    try Array(token).withUnsafeBufferPointer { try add($0, count) }
  }

  /// Counts every token of a chunk once more.
  public mutating func add(_ chunk: TokenChunk) throws {
    try chunk.bytes.withUnsafeBufferPointer { bytes in
      for token in chunk.starts.indices {
        let range = Int(chunk.starts[token])..<Int(chunk.ends[token])
        try add(UnsafeBufferPointer(rebasing: bytes[range]), 1)
      }
    }
  }

  /// Adds all counts of `other`.
  public mutating func merge(_ other: TokenCounts) throws {
    try other.table.bytes.withUnsafeBufferPointer { bytes in
      for (id, count) in other.counts.enumerated() {
        try add(UnsafeBufferPointer(rebasing: bytes[other.table.range(id)]), count)
      }
    }
  }

  /// The canonical form: one line `token TAB count LF` for each token, by the bytes of the tokens;
  /// TAB, LF, CR, NUL and backslash within a token stand as `\t`, `\n`, `\r`, `\0` and `\\`.
  public var canonical: [UInt8] {
    var lines: [UInt8] = []
    let sorted = SortedCounts(self)
    while sorted.advance() { CountLine.append(sorted.token, sorted.count, to: &lines) }
    return lines
  }

  /// The bytes that the counts take, those that sorting them will take included.
  var memory: Int { table.memory + counts.count * (8 + 24) }

  @inline(__always)
  private mutating func add(_ token: UnsafeBufferPointer<UInt8>, _ count: UInt64) throws {
    let (id, isNew) = try table.insert(token)
    if isNew {
      counts.append(count)
      return
    }
    let (sum, overflow) = counts[Int(id)].addingReportingOverflow(count)
    guard !overflow else { throw TokenizeError.countOverflow(token: Array(token)) }
    counts[Int(id)] = sum
  }

  /// The ids of all tokens, by their bytes. O(n log n) comparisons, nearly all of eight bytes.
  fileprivate func sortedIDs() -> [UInt32] {
    table.bytes.withUnsafeBufferPointer { bytes in
      let token = { (id: UInt32) in UnsafeBufferPointer(rebasing: bytes[table.range(Int(id))]) }
      var keys = counts.indices.map { id in
        (prefix: TokenOrder.prefix(token(UInt32(id))), id: UInt32(id))
      }
      keys.sort { a, b in
        a.prefix != b.prefix
          ? a.prefix < b.prefix : TokenOrder.precedes(token(a.id), token(b.id))
      }
      return keys.map(\.id)
    }
  }

  fileprivate func entry(_ id: UInt32) -> (token: ArraySlice<UInt8>, count: UInt64) {
    (table[Int(id)], counts[Int(id)])
  }
}

/// Counts in memory as a source.
final class SortedCounts: CountSource {
  private let counts: TokenCounts
  private let order: [UInt32]
  private var next = 0
  private(set) var token: [UInt8] = []
  private(set) var count: UInt64 = 0

  init(_ counts: TokenCounts) {
    self.counts = counts
    order = counts.sortedIDs()
  }

  func advance() -> Bool {
    guard next < order.count else { return false }
    let entry = counts.entry(order[next])
    token.removeAll(keepingCapacity: true)
    token += entry.token
    count = entry.count
    next += 1
    return true
  }
}
