import Glibc
import Pipeline

/// The records of a chunk as lines of one text: one call of ICU for all of them instead of one for
/// each.
struct JoinedLines {
  private static let lineFeed: UInt8 = 0x0A
  private var bytes: [UInt8] = []
  private var count = 0

  /// Takes the records of a chunk.
  /// - Returns: `false` where a record has a line feed of its own.
  mutating func join(_ chunk: TextChunk) -> Bool {
    count = chunk.count
    let size = chunk.bytes.count + chunk.count - 1
    if bytes.count != size {
      bytes = [UInt8](unsafeUninitializedCapacity: size) { $1 = size }
    }
    return chunk.bytes.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress, memchr(from, 0x0A, source.count) == nil else {
        return false
      }
      bytes.withUnsafeMutableBufferPointer { target in
        guard let to = target.baseAddress else { return }
        var begin = 0
        for (record, end) in chunk.ends.enumerated() {
          if record > 0 { to[begin + record - 1] = Self.lineFeed }
          memcpy(to + begin + record, from + begin, Int(end) - begin)
          begin = Int(end)
        }
      }
      return true
    }
  }

  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBufferPointer(body)
  }

  /// The lines of a text as records.
  /// - Returns: `nil` where it does not have as many lines as there were records.
  func split(_ text: UnsafeBufferPointer<UInt8>, stage: String) throws -> TextChunk? {
    guard text.count <= Int(UInt32.max) else { throw TokenizeError.chunkTooLarge(stage: stage) }
    var ends: [UInt32] = []
    ends.reserveCapacity(count)
    let packed = [UInt8](unsafeUninitializedCapacity: text.count) { packed, size in
      guard let to = packed.baseAddress, let from = text.baseAddress else {
        ends.append(0)
        return
      }
      var begin = 0
      while true {
        let rest = text.count - begin
        let found = memchr(from + begin, Int32(Self.lineFeed), rest)
        let length = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(from + begin) } ?? rest
        memcpy(to + size, from + begin, length)
        size += length
        ends.append(UInt32(truncatingIfNeeded: size))
        if found == nil { return }
        begin += length + 1
      }
    }
    return ends.count == count ? TextChunk(bytes: packed, ends: ends) : nil
  }
}
