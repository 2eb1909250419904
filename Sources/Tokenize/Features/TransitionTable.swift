/// The edges of a trie of n-grams: (node, symbol) -> node, by open addressing on integers. The root
/// is node 0; nodes are numbered in order of insertion.
struct TransitionTable: Sendable {
  private struct Slot {
    /// Node in the upper half, symbol in the lower; `empty` where the slot is free.
    var key: UInt64
    var child: Int32
  }

  private static let empty = UInt64.max
  private var slots = [Slot](repeating: Slot(key: empty, child: 0), count: 64)
  /// The number of nodes, the root included.
  private(set) var nodeCount = 1

  /// The child of `node` along `symbol`, or -1.
  @inline(__always)
  func child(of node: Int32, _ symbol: Int32) -> Int32 {
    let key = Self.key(node, symbol)
    return slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var place = Self.hash(key) & mask
      while true {
        let slot = slots[place]
        if slot.key == key { return slot.child }
        if slot.key == Self.empty { return -1 }
        place = (place + 1) & mask
      }
    }
  }

  /// The child of `node` along `symbol`, added where there is none.
  /// - Throws: `TokenizeError.tableTooLarge` past 2^31 - 2 nodes.
  @inline(__always)
  mutating func insert(_ node: Int32, _ symbol: Int32) throws -> (child: Int32, isNew: Bool) {
    if nodeCount * 4 >= slots.count * 3 { grow() }
    let key = Self.key(node, symbol)
    let place = place(of: key)
    if slots[place].key == key { return (slots[place].child, false) }
    guard nodeCount < Int(Int32.max) - 1 else {
      throw TokenizeError.tableTooLarge("the table of n-grams")
    }
    slots[place] = Slot(key: key, child: Int32(truncatingIfNeeded: nodeCount))
    nodeCount += 1
    return (Int32(truncatingIfNeeded: nodeCount - 1), true)
  }

  @inline(__always)
  private func place(of key: UInt64) -> Int {
    let mask = slots.count - 1
    var place = Self.hash(key) & mask
    while slots[place].key != key, slots[place].key != Self.empty { place = (place + 1) & mask }
    return place
  }

  /// Makes room for `count` nodes in an empty table.
  mutating func reserve(_ count: Int) {
    guard nodeCount == 1 else { return }
    var size = slots.count
    while size * 3 <= 4 * (count + 1) { size *= 2 }
    slots = Array(repeating: Slot(key: Self.empty, child: 0), count: size)
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(key: Self.empty, child: 0), count: old.count * 2)
    for slot in old where slot.key != Self.empty { slots[place(of: slot.key)] = slot }
  }

  @inline(__always)
  private static func key(_ node: Int32, _ symbol: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: symbol))
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    let product = (key ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }
}
