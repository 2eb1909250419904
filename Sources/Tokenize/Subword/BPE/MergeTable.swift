/// The merges of a BPE model: which pair of ids becomes which id, and how early it was learnt.
///
/// Open addressing on the pair; a look-up is one multiplication and mostly one cache line.
struct MergeTable: Sendable {
  /// The pair as `left << 32 | right`, all ones where the slot is empty.
  private var keys: [UInt64]
  /// `rank << 32 | new id`.
  private var values: [UInt64]
  private let shift: UInt64
  private(set) var count = 0

  /// No pair: larger than every real value.
  static let none = UInt64.max

  init(capacity: Int) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    keys = Array(repeating: .max, count: 1 << bits)
    values = Array(repeating: Self.none, count: 1 << bits)
    shift = 64 - bits
  }

  /// Adds a merge. A pair that is there already gets the new rank and id.
  mutating func insert(_ left: Int32, _ right: Int32, rank: UInt32, id: Int32) {
    precondition(count * 2 < keys.count, "more merges than said")
    let key = Self.key(left, right)
    let slot = slot(of: key)
    if keys[slot] == .max { count += 1 }
    keys[slot] = key
    values[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: id))
  }

  /// `rank << 32 | new id` of a pair, `none` where it does not merge. The lower value merges first.
  @inline(__always)
  func find(_ left: Int32, _ right: Int32) -> UInt64 {
    let key = Self.key(left, right)
    return keys.withUnsafeBufferPointer { keys in
      let mask = keys.count - 1
      var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
      while true {
        let found = keys[slot]
        if found == key { return values.withUnsafeBufferPointer { $0[slot] } }
        if found == .max { return Self.none }
        slot = (slot + 1) & mask
      }
    }
  }

  /// All merges as (left, right, rank, new id), in the order of their ranks.
  var entries: [(left: Int32, right: Int32, rank: UInt32, id: Int32)] {
    keys.indices.filter { keys[$0] != .max }.map { slot in
      (
        Int32(truncatingIfNeeded: keys[slot] >> 32), Int32(truncatingIfNeeded: keys[slot]),
        UInt32(truncatingIfNeeded: values[slot] >> 32), Int32(truncatingIfNeeded: values[slot])
      )
    }.sorted { ($0.rank, $0.left, $0.right) < ($1.rank, $1.left, $1.right) }
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  private func slot(of key: UInt64) -> Int {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while keys[slot] != .max, keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }
}
