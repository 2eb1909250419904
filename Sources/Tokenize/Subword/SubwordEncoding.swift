/// The tokens of one record: ids, the bytes of the original record that each stands for, and where
/// its text is.
struct SubwordEncoding {
  var pieces = PieceList()
  /// Token `i` stands for original bytes `starts[i]..<ends[i]`; empty where nobody asked.
  var starts: [UInt32] = []
  var ends: [UInt32] = []

  var count: Int { pieces.count }

  mutating func removeAll() {
    pieces.removeAll()
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Takes the offsets of all tokens from the text that they are ranges of.
  mutating func align(with text: borrowing AlignedText) {
    guard text.tracksOffsets else { return }
    for i in 0..<count {
      let (start, end) = (Int(pieces[i].start), Int(pieces[i].end))
      if start < end, end <= text.starts.count {
        starts.append(text.starts[start])
        ends.append(text.ends[end - 1])
      } else {
        starts.append(pieces[i].start)
        ends.append(pieces[i].end)
      }
    }
  }

  mutating func keep(_ range: Range<Int>) {
    pieces.keep(range)
    guard !starts.isEmpty else { return }
    starts = Array(starts[range])
    ends = Array(ends[range])
  }

  /// Puts tokens that stand for nothing in the text before number `place`.
  mutating func insert(_ ids: some Collection<Int32>, at place: Int, tracksOffsets: Bool) {
    let special = ids.map { Piece(id: $0, start: 0, end: 0, isSurface: false) }
    pieces.insert(special, at: place)
    guard tracksOffsets else { return }
    let none = repeatElement(UInt32(0), count: special.count)
    starts.insert(contentsOf: none, at: place)
    ends.insert(contentsOf: none, at: place)
  }
}
