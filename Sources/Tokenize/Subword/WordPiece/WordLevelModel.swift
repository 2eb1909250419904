/// One token for each word of the vocabulary, the unknown token for any other.
struct WordLevelModel: SubwordModelRunner, Sendable {
  let tokens: TokenTable
  /// -1 where the model names none: then an unknown word is an error.
  let unknown: Int32

  /// Appends the token of the word at `range` of `text`.
  /// - Throws: `TokenizeError.unknownToken`.
  func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into pieces: inout PieceList
  ) throws {
    let word = UnsafeBufferPointer(rebasing: text[range])
    let known = tokens.id(of: word)
    let id = known >= 0 ? known : unknown
    guard id >= 0 else { throw TokenizeError.unknownToken(bytes: Array(word), record: 0) }
    pieces.append(id, range.lowerBound, range.upperBound)
  }
}
