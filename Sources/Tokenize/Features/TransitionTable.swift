/// The edges of a trie of n-grams: (node, symbol) -> node, by open addressing on integers. The root
/// is node 0; nodes are numbered in order of insertion.
struct TransitionTable: Sendable {
  /// Twelve bytes: fewer pages to touch when a model is read, more of them in a core's cache.
  private struct Slot {
    var node: Int32
    var symbol: Int32
    /// 0 where the slot is free: the root is nobody's child.
    var child: Int32

    static let free = Slot(node: 0, symbol: 0, child: 0)
    var isFree: Bool { child == 0 }

    func holds(_ node: Int32, _ symbol: Int32) -> Bool {
      self.node == node && self.symbol == symbol && !isFree
    }
  }

  private var slots = [Slot](repeating: .free, count: 64)
  /// The number of nodes, the root included.
  private(set) var nodeCount = 1

  /// The child of `node` along `symbol`, or -1.
  @inline(__always)
  func child(of node: Int32, _ symbol: Int32) -> Int32 {
    slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var place = Self.hash(node, symbol) & mask
      while true {
        let slot = slots[place]
        if slot.isFree { return -1 }
        if slot.holds(node, symbol) { return slot.child }
        place = (place + 1) & mask
      }
    }
  }

  /// The child of `node` along `symbol`, added where there is none.
  /// - Throws: `TokenizeError.tableTooLarge` past 2^31 - 2 nodes.
  @inline(__always)
  mutating func insert(_ node: Int32, _ symbol: Int32) throws -> (child: Int32, isNew: Bool) {
    if nodeCount * 4 >= slots.count * 3 { grow() }
    let place = place(of: node, symbol)
    if !slots[place].isFree { return (slots[place].child, false) }
    guard nodeCount < Int(Int32.max) - 1 else {
      throw TokenizeError.tableTooLarge("the table of n-grams")
    }
    let child = Int32(truncatingIfNeeded: nodeCount)
    slots[place] = Slot(node: node, symbol: symbol, child: child)
    nodeCount += 1
    return (child, true)
  }

  /// The slot that holds the edge, or the free one where it belongs.
  @inline(__always)
  private func place(of node: Int32, _ symbol: Int32) -> Int {
    slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var place = Self.hash(node, symbol) & mask
      while !slots[place].isFree, !slots[place].holds(node, symbol) { place = (place + 1) & mask }
      return place
    }
  }

  /// Makes room for `count` nodes in an empty table.
  mutating func reserve(_ count: Int) {
    guard nodeCount == 1 else { return }
    var size = slots.count
    while size * 3 <= 4 * (count + 1) { size *= 2 }
    slots = Array(repeating: .free, count: size)
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: .free, count: old.count * 2)
    for slot in old where !slot.isFree { slots[place(of: slot.node, slot.symbol)] = slot }
  }

  @inline(__always)
  private static func hash(_ node: Int32, _ symbol: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: symbol))
    let product = (key ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }
}
