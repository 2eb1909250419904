/// One token of a text.
struct Piece {
  var id: Int32
  /// The token stands for bytes `start..<end` of the text.
  var start: UInt32
  var end: UInt32
  /// Whether the token's text is the bytes of its range, not the vocabulary's text of its id.
  var isSurface: Bool
}

/// The tokens that a model makes of a text.
struct PieceList {
  private(set) var items: [Piece] = []

  var count: Int { items.count }

  subscript(i: Int) -> Piece { items[i] }

  @inline(__always)
  mutating func append(_ id: Int32, _ start: Int, _ end: Int, isSurface: Bool = false) {
    items.append(
      Piece(
        id: id, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
        isSurface: isSurface))
  }

  mutating func append(_ piece: Piece) { items.append(piece) }

  mutating func insert(_ pieces: some Collection<Piece>, at place: Int) {
    items.insert(contentsOf: pieces, at: place)
  }

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  /// Whether every token from number `first` on begins where the one before it ends, the first of
  /// them at `start`.
  func isSeamless(from first: Int, start: Int) -> Bool {
    var end = UInt32(truncatingIfNeeded: start)
    for i in first..<count {
      guard items[i].start == end, items[i].end >= end else { return false }
      end = items[i].end
    }
    return true
  }

  /// Keeps the tokens in `range`.
  mutating func keep(_ range: Range<Int>) {
    items.removeSubrange(range.upperBound...)
    items.removeSubrange(..<range.lowerBound)
  }
}
