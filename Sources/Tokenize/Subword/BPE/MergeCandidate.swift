/// A candidate for the next merge. The least is the pair with the highest count, of equal ones the one
/// with the lower ids, left before right.
struct MergeCandidate: Comparable {
  var count: Int
  /// `left << 32 | right`.
  var key: UInt64
  var pair: Int32

  @inline(__always)
  static func < (a: Self, b: Self) -> Bool {
    a.count == b.count ? a.key < b.key : a.count > b.count
  }

  @inline(__always)
  static func == (a: Self, b: Self) -> Bool { a.count == b.count && a.key == b.key }
}
