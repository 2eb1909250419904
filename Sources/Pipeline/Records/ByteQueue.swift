/// Bytes that were read and not yet used: filled at the back, taken from the front.
struct ByteQueue {
  private var storage: [UInt8] = []
  private var head = 0

  var count: Int { storage.count - head }

  /// Asks `fill` to write at most `limit` bytes behind the others and to say how many it wrote.
  mutating func append(
    limit: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows -> Int {
    compact(limit)
    let old = storage.count
    var written = 0
    // The array is grown by a buffer that is filled in place: no byte is copied twice.
    storage.append(contentsOf: repeatElement(0, count: limit))
    defer { storage.removeLast(limit - written) }
    written = try storage.withUnsafeMutableBytes { bytes in
      try fill(UnsafeMutableRawBufferPointer(rebasing: bytes[old...]))
    }
    return written
  }

  mutating func removeFirst(_ n: Int) {
    head += n
    if head == storage.count {
      storage.removeAll(keepingCapacity: storage.capacity <= Self.keptCapacity)
      head = 0
    }
  }

  /// Hands over all bytes.
  mutating func takeAll() -> [UInt8] {
    defer { (storage, head) = ([], 0) }
    return head == 0 ? storage : Array(storage[head...])
  }

  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try storage.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[head...])) }
  }

  /// More than this is given back after a long record.
  private static let keptCapacity = 4 << 20

  /// Moves the bytes to the front once the used part outweighs them: amortised O(1) a byte.
  private mutating func compact(_ room: Int) {
    guard head > 0, head >= count || storage.count + room > storage.capacity else { return }
    if storage.capacity > Self.keptCapacity, count < Self.keptCapacity / 4 {
      storage = Array(storage[head...])
    } else {
      storage.removeFirst(head)
    }
    head = 0
  }
}
