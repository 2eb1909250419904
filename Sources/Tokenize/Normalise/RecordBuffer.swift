import CICU
import Glibc

/// Room for one rewritten record: its bytes and, where offsets are tracked, which bytes of the
/// record each came from. It is reused from record to record and grows to the longest.
struct RecordBuffer {
  let tracksOffsets: Bool
  private(set) var count = 0
  private(set) var bytes: [UInt8] = []
  private(set) var starts: [UInt32] = []
  private(set) var ends: [UInt32] = []

  init(tracksOffsets: Bool) {
    self.tracksOffsets = tracksOffsets
  }

  mutating func removeAll() { count = 0 }

  /// Makes room for `capacity` bytes in all.
  mutating func reserve(_ capacity: Int) {
    guard capacity > bytes.count else { return }
    let growth = max(capacity, bytes.count * 2, 256) - bytes.count
    bytes.append(contentsOf: repeatElement(0, count: growth))
    guard tracksOffsets else { return }
    starts.append(contentsOf: repeatElement(0, count: growth))
    ends.append(contentsOf: repeatElement(0, count: growth))
  }

  /// Adds text that stands for itself: for the bytes of the record from `start` on.
  mutating func append(_ text: UnsafeBufferPointer<UInt8>, from start: Int) {
    reserve(count + text.count)
    bytes.withUnsafeMutableBufferPointer { bytes in
      if let from = text.baseAddress, let to = bytes.baseAddress {
        memcpy(to + count, from, text.count)
      }
    }
    if tracksOffsets { alignScalars(text, from: start) }
    count += text.count
  }

  private mutating func alignScalars(_ text: UnsafeBufferPointer<UInt8>, from start: Int) {
    var i = 0
    while i < text.count {
      let begin = i
      i += 1
      while i < text.count, text[i] & 0xC0 == 0x80 { i += 1 }
      for byte in begin..<i {
        starts[count + byte] = UInt32(truncatingIfNeeded: start + begin)
        ends[count + byte] = UInt32(truncatingIfNeeded: start + i)
      }
    }
  }

  /// Adds a byte that stands for `range` of the record.
  mutating func append(_ byte: UInt8, for range: Range<Int>) {
    reserve(count + 1)
    bytes[count] = byte
    if tracksOffsets {
      starts[count] = UInt32(truncatingIfNeeded: range.lowerBound)
      ends[count] = UInt32(truncatingIfNeeded: range.upperBound)
    }
    count += 1
  }

  /// Lets a function of `CICU` write the record, again with more room where it asks for it.
  mutating func fill(
    _ operation: String, expecting capacity: Int,
    _ call: (UnsafeMutablePointer<cicu_buffer>) -> Int32
  ) throws {
    reserve(capacity)
    while true {
      var buffer = cicu_buffer()
      let status = bytes.withUnsafeMutableBufferPointer { bytes in
        starts.withUnsafeMutableBufferPointer { starts in
          ends.withUnsafeMutableBufferPointer { ends in
            buffer.bytes = bytes.baseAddress
            buffer.starts = tracksOffsets ? starts.baseAddress : nil
            buffer.ends = tracksOffsets ? ends.baseAddress : nil
            buffer.capacity = bytes.count
            return call(&buffer)
          }
        }
      }
      if status == Int32(CICU_BUFFER_TOO_SMALL), buffer.length > bytes.count {
        reserve(buffer.length)
        continue
      }
      guard status == Int32(CICU_OK) else {
        throw TokenizeError.icu(operation: operation, status: status)
      }
      count = buffer.length
      return
    }
  }

  /// Passes the record's bytes to `body`.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[..<count])) }
  }

  mutating func withMutableBytes(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    bytes.withUnsafeMutableBufferPointer {
      body(UnsafeMutableBufferPointer(rebasing: $0[..<count]))
    }
  }

  /// Makes ranges that refer to the content of `earlier` refer to what that was made from.
  mutating func realign(through earlier: RecordBuffer) {
    guard tracksOffsets else { return }
    var ranges = RangeMap()
    for i in 0..<count {
      (starts[i], ends[i]) = ranges.map(
        starts[i], ends[i], starts: earlier.starts[..<earlier.count],
        ends: earlier.ends[..<earlier.count])
    }
  }
}
