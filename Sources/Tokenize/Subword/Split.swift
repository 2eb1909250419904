/// A part of a text under tokenisation: `start..<end` of its bytes, still to be encoded, or already
/// the token `id`.
struct Split: Equatable {
  var start: UInt32
  var end: UInt32
  var id: Int32 = -1

  init(_ start: Int, _ end: Int, id: Int32 = -1) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.id = id
  }
}
