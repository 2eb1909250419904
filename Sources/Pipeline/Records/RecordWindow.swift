import Glibc

/// The records at the front of a buffer that will make one chunk.
struct RecordWindow {
  /// Where each record begins and ends in the buffer, CR and delimiter left out.
  private var bounds: [(start: UInt32, end: UInt32)] = []
  /// How many bytes the records and their delimiters take.
  private(set) var length = 0
  /// Under `.error`: the first malformed record and the 0-based byte in it.
  private(set) var malformed: (index: Int, offset: Int)?

  var count: Int { bounds.count }

  init() {}

  /// All records of a stretch that `measure` gave.
  init(allOf bytes: UnsafeBufferPointer<UInt8>, _ options: RecordOptions) {
    _ = take(from: bytes, options, isAtEnd: true)
  }

  /// How many records `take` would find in how many bytes, and whether the record after them is too
  /// long; mostly without a look at each of them.
  static func measure(
    _ bytes: UnsafeBufferPointer<UInt8>, _ options: RecordOptions, isAtEnd: Bool
  ) -> (count: Int, length: Int, isTooLong: Bool) {
    if let whole = measureAtOnce(bytes, options, isAtEnd: isAtEnd) {
      return (whole.count, whole.length, false)
    }
    var window = RecordWindow()
    let isTooLong = window.take(from: bytes, options, isAtEnd: isAtEnd)
    return (window.count, window.length, isTooLong)
  }

  /// The same where only the bytes of a chunk are limited; else nil.
  private static func measureAtOnce(
    _ bytes: UnsafeBufferPointer<UInt8>, _ options: RecordOptions, isAtEnd: Bool
  ) -> (count: Int, length: Int)? {
    guard options.maximumRecord >= options.chunkBytes else { return nil }
    let delimiter = options.delimiter.rawValue
    var length = min(bytes.count, options.chunkBytes)
    let isRest = isAtEnd && length == bytes.count
    if !isRest {
      while length > 0, bytes[length - 1] != delimiter { length -= 1 }
      if length == 0 { return nil }
    }
    var count = count(of: delimiter, in: UnsafeBufferPointer(rebasing: bytes[..<length]))
    if length > 0, bytes[length - 1] != delimiter { count += 1 }
    return count <= options.maximumRecords ? (count, length) : nil
  }

  /// How often a byte occurs, eight bytes at a time.
  private static func count(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let low = ones &* 0x7F
    let wanted = ones &* UInt64(byte)
    var count = 0
    var i = 0
    while i + 8 <= raw.count {
      // Each of eight byte-wide sums holds at most 255.
      let end = min(i + 255 * 8, raw.count - 7)
      var sums: UInt64 = 0
      while i < end {
        let difference = raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) ^ wanted
        // The highest bit of each byte that is zero, without a carry to its neighbour.
        sums &+= ~((difference & low) &+ low | difference | low) >> 7
        i += 8
      }
      let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ (sums >> 8 & 0x00FF_00FF_00FF_00FF)
      count += Int((pairs &* 0x0001_0001_0001_0001) >> 48)
    }
    while i < raw.count {
      if raw[i] == byte { count += 1 }
      i += 1
    }
    return count
  }

  /// Finds the records.
  /// - Returns: whether the record after them is too long.
  mutating func take(
    from bytes: UnsafeBufferPointer<UInt8>, _ options: RecordOptions, isAtEnd: Bool
  ) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    let strips = options.delimiter == .newline && !options.keepsCarriageReturn
    let delimiter = Int32(options.delimiter.rawValue)
    while bounds.count < options.maximumRecords, length < bytes.count {
      let found = memchr(base + length, delimiter, bytes.count - length)
      let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
      if end - length > options.maximumRecord { return true }
      guard found != nil || isAtEnd else { return false }
      let next = found == nil ? end : end + 1
      if !bounds.isEmpty, next > options.chunkBytes { return false }
      let hasReturn = strips && end > length && bytes[end - 1] == 0x0D
      bounds.append((UInt32(length), UInt32(hasReturn ? end - 1 : end)))
      length = next
    }
    return false
  }

  /// Copies the records out of the buffer and repairs their text where it must be.
  mutating func chunk(
    from bytes: UnsafeBufferPointer<UInt8>, _ options: RecordOptions, file: String,
    firstRecord: Int
  ) -> RecordChunk {
    let raw = copy(from: bytes)
    // Delimiters are ASCII, so no sequence reaches over one: the whole window is checked at once.
    let window = UnsafeBufferPointer(rebasing: bytes[..<length])
    guard UTF8Scanner.firstMalformed(in: window) != nil else {
      return RecordChunk(
        file: file, firstRecord: firstRecord, raw: raw,
        text: TextChunk(bytes: raw.bytes, ends: raw.ends))
    }
    var chunk = RecordChunk(file: file, firstRecord: firstRecord, raw: raw, text: TextChunk())
    chunk.text.bytes.reserveCapacity(raw.bytes.count)
    chunk.text.ends.reserveCapacity(raw.count)
    for (i, bound) in bounds.enumerated() {
      let record = UnsafeBufferPointer(rebasing: bytes[Int(bound.start)..<Int(bound.end)])
      if let bad = UTF8Scanner.firstMalformed(in: record) {
        chunk.malformedCount += 1
        switch options.invalid {
        case .replace: UTF8Scanner.appendRepaired(record, to: &chunk.text.bytes)
        case .skip: chunk.skipped.append(i)
        case .error: malformed = malformed ?? (i, bad)
        }
      } else {
        chunk.text.bytes.append(contentsOf: record)
      }
      chunk.text.ends.append(UInt32(chunk.text.bytes.count))
    }
    return chunk
  }

  private func copy(from bytes: UnsafeBufferPointer<UInt8>) -> RawRecords {
    guard let base = bytes.baseAddress else { return RawRecords() }
    let total = bounds.reduce(0) { $0 + Int($1.end - $1.start) }
    let ends = [UInt32](unsafeUninitializedCapacity: bounds.count) { ends, count in
      var position: UInt32 = 0
      for (i, bound) in bounds.enumerated() {
        position += bound.end - bound.start
        ends[i] = position
      }
      count = bounds.count
    }
    let packed = [UInt8](unsafeUninitializedCapacity: total) { packed, count in
      for bound in bounds {
        let size = Int(bound.end - bound.start)
        guard size > 0, let target = packed.baseAddress else { continue }
        (target + count).update(from: base + Int(bound.start), count: size)
        count += size
      }
    }
    return RawRecords(bytes: packed, ends: ends)
  }
}

extension RecordChunk {
  /// The first `n` records, all of them well formed.
  func prefix(_ n: Int) -> RecordChunk {
    let ends = Array(raw.ends.prefix(n))
    let bytes = Array(raw.bytes.prefix(Int(ends.last ?? 0)))
    return RecordChunk(
      file: file, firstRecord: firstRecord, raw: RawRecords(bytes: bytes, ends: ends),
      text: TextChunk(bytes: bytes, ends: ends))
  }
}
