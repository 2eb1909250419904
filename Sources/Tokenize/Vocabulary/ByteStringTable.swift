/// Distinct byte strings with dense ids 0, 1, 2, ... in order of insertion.
///
/// Open addressing with linear probing on a slot array of twice the size; the strings stand one
/// after the other in one buffer. A lookup touches one slot, compares 32 bits of hash and then the
/// bytes; it allocates nothing. The hash is seeded at random for each table, so that no file or text
/// can be made to collide; ids never depend on it.
struct ByteStringTable: Sendable {
  private(set) var bytes: [UInt8] = []
  /// String `i` is `bytes[ends[i - 1]..<ends[i]]`.
  private(set) var ends: [UInt32] = []
  /// Hash in the upper half, id + 1 in the lower; 0 is an empty slot.
  private var slots: [UInt64] = Array(repeating: 0, count: 16)
  private let seed = UInt64.random(in: .min ... .max)

  var count: Int { ends.count }

  /// The bytes that the table takes.
  var memory: Int { bytes.count + ends.count * 4 + slots.count * 8 }

  /// The place of string `id` in `bytes`.
  @inline(__always)
  func range(_ id: Int) -> Range<Int> {
    (id == 0 ? 0 : Int(ends[id - 1]))..<Int(ends[id])
  }

  subscript(id: Int) -> ArraySlice<UInt8> { bytes[range(id)] }

  /// The id of `key`, or -1.
  @inline(__always)
  func find(_ key: UnsafeBufferPointer<UInt8>) -> Int32 {
    Int32(truncatingIfNeeded: slots[slot(of: key, hash(key))] & 0xFFFF_FFFF) &- 1
  }

  /// The id of `key`, added where it is new.
  /// - Throws: `TokenizeError.tableTooLarge` past 2^31 - 2 strings or 4 GiB.
  mutating func insert(
    _ key: UnsafeBufferPointer<UInt8>
  ) throws -> (id: Int32, isNew: Bool) {
    if count * 2 >= slots.count { grow() }
    let hash = hash(key)
    let slot = slot(of: key, hash)
    if slots[slot] != 0 {
      return (Int32(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF) - 1, false)
    }
    guard count < Int(Int32.max) - 1, let end = UInt32(exactly: bytes.count + key.count) else {
      throw TokenizeError.tableTooLarge("a table of tokens")
    }
    bytes.append(contentsOf: key)
    ends.append(end)
    slots[slot] = hash << 32 | UInt64(count)
    return (Int32(count - 1), true)
  }

  /// Forgets all strings, and keeps the room.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    for i in slots.indices { slots[i] = 0 }
  }

  /// The slot that holds `key`, or the empty one where it belongs.
  @inline(__always)
  private func slot(of key: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
    slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: hash) & mask
      while true {
        let entry = slots[slot]
        if entry == 0 { return slot }
        if entry >> 32 == hash & 0xFFFF_FFFF,
          holds(key, id: Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1)
        {
          return slot
        }
        slot = (slot + 1) & mask
      }
    }
  }

  @inline(__always)
  private func holds(_ key: UnsafeBufferPointer<UInt8>, id: Int) -> Bool {
    ends.withUnsafeBufferPointer { ends in
      let begin = id == 0 ? 0 : Int(ends[id - 1])
      guard Int(ends[id]) - begin == key.count else { return false }
      return bytes.withUnsafeBytes { bytes in
        Self.areEqual(
          UnsafeRawBufferPointer(key), UnsafeRawBufferPointer(rebasing: bytes[begin...]), key.count)
      }
    }
  }

  /// Whether the first `count` bytes are equal. Strings are short: a call of `memcmp` would take
  /// longer.
  @inline(__always)
  private static func areEqual(
    _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, _ count: Int
  ) -> Bool {
    @inline(__always) func same<Word: FixedWidthInteger & BitwiseCopyable>(
      _ i: Int, _ word: Word.Type
    ) -> Bool {
      a.loadUnaligned(fromByteOffset: i, as: word) == b.loadUnaligned(fromByteOffset: i, as: word)
    }
    if count >= 8 {
      var i = 0
      while i < count - 8 {
        if !same(i, UInt64.self) { return false }
        i += 8
      }
      return same(count - 8, UInt64.self)
    }
    if count >= 4 { return same(0, UInt32.self) && same(count - 4, UInt32.self) }
    for i in 0..<count where a[i] != b[i] { return false }
    return true
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    let mask = slots.count - 1
    // There are at most 2^32 slots, so the half of the hash that a slot keeps tells the new one.
    for entry in old where entry != 0 {
      var slot = Int(entry >> 32) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
  }

  /// Folded 64 x 64 bit products (the scheme of wyhash), eight bytes a step; the last step may
  /// read again what the one before it read.
  @inline(__always)
  private func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(key)
    let count = raw.count
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    if count >= 8 {
      var i = 0
      while i < count - 8 {
        hash = Self.mix(hash ^ raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
        i += 8
      }
      return Self.mix(hash ^ raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    }
    if count >= 4 {
      let low = raw.loadUnaligned(as: UInt32.self)
      let high = raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
      return Self.mix(hash ^ (UInt64(low) | UInt64(high) << 32))
    }
    guard count > 0 else { return Self.mix(hash) }
    let ends = UInt64(key[0]) | UInt64(key[count - 1]) << 16
    return Self.mix(hash ^ (ends | UInt64(key[count / 2]) << 8))
  }

  @inline(__always)
  private static func mix(_ x: UInt64) -> UInt64 {
    let product = (x ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}
