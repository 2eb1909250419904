/// Remembers how ICU cut stretches of text: text repeats its words. What it gives never depends on
/// what it holds, so it may forget everything when it is full.
struct SegmentCache {
  /// Longer stretches are rare and are not kept.
  private static let longestStretch = 256
  private static let maximumStretches = 1 << 16
  private static let maximumBytes = 4 << 20

  private var stretches = ByteStringTable()
  /// Stretch `i` has segments `lasts[i - 1]..<lasts[i]`.
  private var lasts: [UInt32] = []
  /// Where each segment ends in its stretch, shifted left, and whether it is word-like.
  private var segments: [UInt32] = []

  /// Calls `body` with what `finder` finds in the stretch.
  @inline(__always)
  mutating func find(
    in stretch: UnsafeBufferPointer<UInt8>, by finder: inout BreakFinder,
    _ body: (Int, Int, Bool) -> Void
  ) throws {
    guard stretch.count <= Self.longestStretch else {
      return try finder.find(in: stretch, body)
    }
    var place = Int(stretches.find(stretch))
    if place < 0 { place = try add(stretch, by: &finder) }
    var begin = 0
    for i in (place == 0 ? 0 : Int(lasts[place - 1]))..<Int(lasts[place]) {
      let end = Int(segments[i] >> 1)
      body(begin, end, segments[i] & 1 != 0)
      begin = end
    }
  }

  private mutating func add(
    _ stretch: UnsafeBufferPointer<UInt8>, by finder: inout BreakFinder
  ) throws -> Int {
    if stretches.count >= Self.maximumStretches || stretches.bytes.count >= Self.maximumBytes {
      stretches.removeAll()
      lasts.removeAll(keepingCapacity: true)
      segments.removeAll(keepingCapacity: true)
    }
    try finder.find(in: stretch) { segments.append(UInt32($1) << 1 | ($2 ? 1 : 0)) }
    lasts.append(UInt32(segments.count))
    return Int(try stretches.insert(stretch).id)
  }
}
