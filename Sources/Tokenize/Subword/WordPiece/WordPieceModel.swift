/// WordPiece (Wu et al. 2016, section 4.1; as BERT uses it): the longest token that a word begins
/// with, then the longest continuing token, and so on; a word that cannot be covered is unknown.
struct WordPieceModel: SubwordModelRunner, Sendable {
  let tokens: TokenTable
  let unknown: Int32
  let longestWord: Int
  private let trie: ByteTrie
  /// The node after the continuing prefix ("##"); -1 where no token has it.
  private let continuing: Int32

  init(tokens: TokenTable, unknown: Int32, prefix: [UInt8], longestWord: Int) {
    self.tokens = tokens
    self.unknown = unknown
    self.longestWord = longestWord
    trie = ByteTrie(tokens.entries.map { ($0.text, tokens.id(of: $0.text)) })
    continuing = trie.node(of: prefix)
  }

  /// Appends the tokens of the word at `range` of `text`. O(word length x longest token).
  func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into pieces: inout PieceList
  ) {
    let first = pieces.count
    if isTooLong(text, range) {
      return pieces.append(unknown, range.lowerBound, range.upperBound)
    }
    trie.withCursor { cursor in
      var start = range.lowerBound
      while start < range.upperBound {
        var node = start == range.lowerBound ? ByteTrie.root : continuing
        var best: (id: Int32, end: Int) = (-1, start)
        var i = start
        while i < range.upperBound, node >= 0 {
          node = cursor.child(of: node, by: text[i])
          guard node >= 0 else { break }
          i += 1
          let id = cursor.value(of: node)
          if id >= 0 { best = (id, i) }
        }
        guard best.id >= 0 else {
          pieces.keep(0..<first)
          return pieces.append(unknown, range.lowerBound, range.upperBound)
        }
        pieces.append(best.id, start, best.end)
        start = best.end
      }
    }
  }

  private func isTooLong(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count > longestWord else { return false }
    return range.reduce(0) { $0 + (text[$1] & 0xC0 == 0x80 ? 0 : 1) } > longestWord
  }
}
