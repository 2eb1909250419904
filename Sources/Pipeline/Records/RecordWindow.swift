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
