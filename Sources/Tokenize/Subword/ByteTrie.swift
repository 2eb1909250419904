/// A set of byte strings with a number for each, as a double array: one array access per byte.
///
/// Node `n` has its child by byte `b` at `base(n) ^ b`, if the node there names `n` as its parent.
/// Built once from all strings, then immutable. Finding every prefix of a text costs O(longest
/// string).
struct ByteTrie: Sendable {
  /// The node of the empty string.
  static let root: Int32 = 0

  /// The base of the children in the upper half, the parent (-1: free) in the lower.
  private var units: [UInt64]
  /// The number of the string that ends at a node, -1 where none does.
  private var values: [Int32]

  /// - Parameter strings: distinct; string `i` gets the number `i`.
  init(_ strings: [[UInt8]]) {
    self.init(strings.indices.map { (strings[$0], Int32($0)) })
  }

  /// - Parameter entries: strings with their numbers; of equal strings the last counts.
  init(_ entries: [(key: [UInt8], value: Int32)]) {
    var builder = DoubleArrayBuilder()
    let order = entries.indices.sorted { a, b in
      if entries[a].key == entries[b].key { return a > b }
      return entries[a].key.lexicographicallyPrecedes(entries[b].key)
    }
    builder.build(order.map { entries[$0] })
    units = builder.units
    values = builder.values
  }

  /// A reader of the arrays without bounds that the structure itself guarantees.
  @inline(__always)
  func withCursor<Result>(_ body: (ByteTrieCursor) throws -> Result) rethrows -> Result {
    try units.withUnsafeBufferPointer { units in
      try values.withUnsafeBufferPointer { values in
        try body(ByteTrieCursor(units: units, values: values))
      }
    }
  }

  /// The node reached from the root by all bytes of `key`, or -1.
  func node(of key: some Sequence<UInt8>) -> Int32 {
    withCursor { cursor in
      var node = Self.root
      for byte in key where node >= 0 { node = cursor.child(of: node, by: byte) }
      return node
    }
  }

  /// The number of the longest string that `bytes` begins with from `start`, and where it ends.
  @inline(__always)
  func longestPrefix(
    of bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (value: Int32, end: Int)? {
    withCursor { cursor in
      var node = Self.root
      var best: (value: Int32, end: Int)?
      var i = start
      while i < bytes.count {
        node = cursor.child(of: node, by: bytes[i])
        if node < 0 { break }
        i += 1
        let value = cursor.value(of: node)
        if value >= 0 { best = (value, i) }
      }
      return best
    }
  }
}

/// Steps through a `ByteTrie`.
struct ByteTrieCursor {
  fileprivate let units: UnsafeBufferPointer<UInt64>
  fileprivate let values: UnsafeBufferPointer<Int32>

  /// The child of a node, or -1.
  @inline(__always)
  func child(of node: Int32, by byte: UInt8) -> Int32 {
    let base = Int32(truncatingIfNeeded: units[Int(node)] >> 32)
    let child = base ^ Int32(byte)
    let parent = Int32(truncatingIfNeeded: units[Int(child)])
    return parent == node ? child : -1
  }

  @inline(__always)
  func value(of node: Int32) -> Int32 { values[Int(node)] }
}

/// Lays a sorted list of strings out as a double array, 256 units at a time.
private struct DoubleArrayBuilder {
  private static let free = UInt64(UInt32.max)
  private(set) var units: [UInt64] = []
  private(set) var values: [Int32] = []
  /// No unit below is worth a look.
  private var firstFree = 1

  mutating func build(_ entries: [(key: [UInt8], value: Int32)]) {
    grow()
    // The root is its own parent's child nowhere: its parent is a node that cannot be.
    units[0] = UInt64(UInt32.max - 1)
    var pending: [(node: Int, range: Range<Int>, depth: Int)] = [(0, 0..<entries.count, 0)]
    while let (node, range, depth) = pending.popLast() {
      var range = range
      while let first = range.first, entries[first].key.count == depth {
        if values[node] < 0 { values[node] = entries[first].value }
        range = range.dropFirst()
      }
      guard !range.isEmpty else { continue }
      let groups = self.groups(of: entries, range, depth)
      let base = place(groups.map(\.byte))
      units[node] = UInt64(base) << 32 | units[node] & 0xFFFF_FFFF
      for group in groups {
        let child = base ^ Int(group.byte)
        units[child] = UInt64(UInt32(node))
        pending.append((child, group.range, depth + 1))
      }
    }
  }

  private func groups(
    of entries: [(key: [UInt8], value: Int32)], _ range: Range<Int>, _ depth: Int
  ) -> [(byte: UInt8, range: Range<Int>)] {
    var groups: [(byte: UInt8, range: Range<Int>)] = []
    var begin = range.lowerBound
    while begin < range.upperBound {
      let byte = entries[begin].key[depth]
      var end = begin + 1
      while end < range.upperBound, entries[end].key[depth] == byte { end += 1 }
      groups.append((byte, begin..<end))
      begin = end
    }
    return groups
  }

  /// A base under which all these children fall on free units.
  private mutating func place(_ bytes: [UInt8]) -> Int {
    while firstFree < units.count, !isFree(firstFree) { firstFree += 1 }
    var unit = firstFree
    var attempts = 0
    while true {
      if unit >= units.count { grow() }
      if isFree(unit) {
        let base = unit ^ Int(bytes[0])
        if bytes.allSatisfy({ isFree(base ^ Int($0)) }) { return base }
        attempts += 1
        // Crowded regions are given up, so that building stays linear.
        if attempts == 64 { firstFree = max(firstFree, unit - 512) }
        if attempts > 2048 { firstFree = unit }
      }
      unit += 1
    }
  }

  private func isFree(_ unit: Int) -> Bool {
    unit != 0 && units[unit] & 0xFFFF_FFFF == Self.free
  }

  private mutating func grow() {
    units.append(contentsOf: repeatElement(Self.free, count: 256))
    values.append(contentsOf: repeatElement(-1, count: 256))
  }
}
