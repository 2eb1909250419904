/// Remembers the tokens of words that were seen: text repeats its words. What it gives never depends
/// on what it holds, so it may forget everything when it is full.
struct WordCache {
  /// Longer words are rare and are not kept.
  static let longestWord = 256
  private static let maximumWords = 1 << 17
  private static let maximumPieces = 1 << 20

  private struct KnownPiece {
    var id: Int32
    /// How many bytes of the word it stands for, at most `longestWord`.
    var length: UInt16
    var isSurface: Bool
  }

  private var words = ByteStringTable()
  /// Word `i` has pieces `pieceEnds[i - 1]..<pieceEnds[i]`.
  private var pieceEnds: [UInt32] = []
  private var pieces: [KnownPiece] = []
  /// A number kept with each word.
  private var notes: [Float] = []

  /// Appends the pieces of a known word, which begins at `start`, to `pieces`.
  /// - Returns: the number that was kept with the word; nil where it is not known.
  @inline(__always)
  func recall(
    _ word: UnsafeBufferPointer<UInt8>, at start: Int, into pieces: inout PieceList
  ) -> Float? {
    let found = words.find(word)
    guard found >= 0 else { return nil }
    let place = Int(found)
    var position = start
    let range = (place == 0 ? 0 : Int(pieceEnds[place - 1]))..<Int(pieceEnds[place])
    self.pieces.withUnsafeBufferPointer { known in
      for i in range {
        let end = position + Int(known[i].length)
        pieces.append(known[i].id, position, end, isSurface: known[i].isSurface)
        position = end
      }
    }
    return notes[place]
  }

  /// Keeps the pieces from number `first` on, if they cover the word, which begins at `start`, each
  /// from where the one before it ends.
  mutating func keep(
    _ word: UnsafeBufferPointer<UInt8>, at start: Int, _ pieces: PieceList, from first: Int,
    note: Float = 0
  ) throws {
    guard word.count <= Self.longestWord, pieces.isSeamless(from: first, start: start) else {
      return
    }
    if words.count >= Self.maximumWords || self.pieces.count >= Self.maximumPieces { removeAll() }
    guard try words.insert(word).isNew else { return }
    for i in first..<pieces.count {
      let piece = pieces[i]
      self.pieces.append(
        KnownPiece(
          id: piece.id, length: UInt16(truncatingIfNeeded: piece.end - piece.start),
          isSurface: piece.isSurface))
    }
    pieceEnds.append(UInt32(truncatingIfNeeded: self.pieces.count))
    notes.append(note)
  }

  private mutating func removeAll() {
    words.removeAll()
    pieceEnds.removeAll(keepingCapacity: true)
    pieces.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
  }
}
