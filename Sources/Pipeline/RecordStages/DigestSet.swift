/// A set of 128-bit digests, which are as good as random: open addressing with linear probing, 16
/// bytes a slot, at most 3/4 full.
struct DigestSet {
  struct Digest: Equatable {
    var low: UInt64
    var high: UInt64

    /// The digest of no record: an empty slot.
    static let none = Digest(low: 0, high: 0)
  }

  private var slots = [Digest](repeating: .none, count: 64)
  private(set) var count = 0

  /// - Returns: whether the digest is new.
  mutating func insert(_ digest: Digest) -> Bool {
    if count * 4 >= slots.count * 3 { grow() }
    let slot = slot(of: digest)
    guard slots[slot] == .none else { return false }
    slots[slot] = digest
    count += 1
    return true
  }

  func contains(_ digest: Digest) -> Bool { slots[slot(of: digest)] != .none }

  /// Removes a digest, and moves those after it back to where a search finds them.
  mutating func remove(_ digest: Digest) {
    var hole = slot(of: digest)
    guard slots[hole] != .none else { return }
    count -= 1
    let mask = slots.count - 1
    var next = (hole + 1) & mask
    while slots[next] != .none {
      let home = Int(truncatingIfNeeded: slots[next].low) & mask
      // The entry may fill the hole unless its home lies cyclically after the hole.
      if (next &- home) & mask >= (next &- hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    slots[hole] = .none
  }

  /// The slot of the digest, or the empty one where it belongs.
  private func slot(of digest: Digest) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: digest.low) & mask
    while slots[slot] != .none, slots[slot] != digest { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let old = slots
    slots = [Digest](repeating: .none, count: old.count * 2)
    for digest in old where digest != .none { slots[slot(of: digest)] = digest }
  }
}
