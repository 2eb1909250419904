/// The neighbours in the words of the training data: how often each pair occurs, and in which words.
///
/// Pairs have dense numbers. Words are weighted by their counts; a pair's count is kept up to date
/// while words are merged.
struct PairCounts {
  /// Places of pairs by open addressing; -1 is an empty slot.
  private var slots = [Int32](repeating: -1, count: 1 << 16)
  private var shift: UInt64 = 64 - 16
  /// `left << 32 | right` of each pair.
  private(set) var pairs: [UInt64] = []
  private(set) var counts: [Int] = []
  /// Words in which a pair occurs or did; a word may stand twice.
  private var words: [[Int32]] = []

  /// Adds `count` (which may be negative) for one occurrence in a word.
  /// - Returns: the pair's number.
  @inline(__always)
  @discardableResult
  mutating func add(_ left: Int32, _ right: Int32, count: Int, word: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    var slot = slot(of: key)
    let pair: Int
    if slots[slot] >= 0 {
      pair = Int(slots[slot])
    } else {
      pair = pairs.count
      if pair * 2 >= slots.count {
        grow()
        slot = self.slot(of: key)
      }
      slots[slot] = Int32(pair)
      pairs.append(key)
      counts.append(0)
      words.append([])
    }
    counts[pair] += count
    if count > 0, words[pair].last != word { words[pair].append(word) }
    return pair
  }

  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while slots[slot] >= 0, pairs[Int(slots[slot])] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    shift -= 1
    for (place, key) in pairs.enumerated() { slots[slot(of: key)] = Int32(place) }
  }

  /// The ids of a pair.
  func ids(_ pair: Int) -> (left: Int32, right: Int32) {
    (
      Int32(truncatingIfNeeded: pairs[pair] >> 32), Int32(truncatingIfNeeded: pairs[pair])
    )
  }

  /// Hands over the words of a pair, which then has none.
  mutating func takeWords(_ pair: Int) -> [Int32] {
    defer { words[pair] = [] }
    return words[pair]
  }
}
