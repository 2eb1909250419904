/// The tokens that a model makes of a text: ids with byte ranges of that text.
struct PieceList {
  var ids: [Int32] = []
  var starts: [UInt32] = []
  var ends: [UInt32] = []
  /// Whether the token's text is the bytes of its range, not the vocabulary's text of its id.
  var isSurface: [Bool] = []

  var count: Int { ids.count }

  @inline(__always)
  mutating func append(_ id: Int32, _ start: Int, _ end: Int, isSurface surface: Bool = false) {
    ids.append(id)
    starts.append(UInt32(truncatingIfNeeded: start))
    ends.append(UInt32(truncatingIfNeeded: end))
    isSurface.append(surface)
  }

  mutating func removeAll() {
    ids.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    isSurface.removeAll(keepingCapacity: true)
  }

  /// Keeps the tokens in `range`.
  mutating func keep(_ range: Range<Int>) {
    ids = Array(ids[range])
    starts = Array(starts[range])
    ends = Array(ends[range])
    isSurface = Array(isSurface[range])
  }
}
