import Glibc

/// Cuts files into chunks of records, by the rules that all filters share: records end at LF (or
/// NUL); CR LF counts as LF; one leading UTF-8 BOM per file is dropped; a UTF-16 BOM is an error;
/// a last record without its delimiter is a full record, and a file's last record ends with the
/// file.
///
/// Unless a latency is asked for, the chunks depend on the bytes alone, never on how they arrive.
/// Memory: one chunk and one read, or the longest record.
public final class RecordReader {
  private let options: RecordOptions
  private let input: InputFiles
  private var queue = ByteQueue()
  /// How many bytes at the front of the queue are known to hold no delimiter.
  private var scanned = 0
  private var hasDelimiter = false
  /// The room of the next read: it grows while reads fill it, so that a short input touches little memory.
  private var room = 4 << 10
  private var isOpen = false
  private var isAtEnd = false
  private var isAtStart = false
  /// A part from the middle of a file has no byte order mark to drop.
  private var hasStartOfFile = true
  private var nextRecord = 1
  /// An error that waits until what stands before it has been handed out.
  private var postponed: PipelineError?

  /// How many records have been handed out.
  public private(set) var recordCount = 0
  /// How many of those that were cut held malformed UTF-8.
  public var malformedCount: Int { malformed.update { $0 } }
  private let malformed = Monitor(0)

  /// Reads the files in order; `-` is standard input, and so is an empty list.
  /// - Throws: `PipelineError.malformedValue` where an option is out of range.
  public init(files: [String], options: RecordOptions = RecordOptions()) throws {
    try options.validate()
    self.options = options
    input = InputFiles(paths: files)
  }

  /// Reads an open descriptor, which the caller closes.
  public init(
    descriptor: Int32, name: String, options: RecordOptions = RecordOptions()
  ) throws {
    try options.validate()
    self.options = options
    input = InputFiles(descriptor: descriptor, name: name)
  }

  /// Reads a part of a file. Record numbers count from the beginning of the part.
  public init(shard: FileShard, options: RecordOptions = RecordOptions()) throws {
    try options.validate()
    self.options = options
    input = InputFiles(shard: shard)
    hasStartOfFile = shard.range.lowerBound == 0
  }

  /// The next chunk, of at least one record; `nil` after the last.
  /// - Throws: `PipelineError.cannotOpen`, `.cannotRead`, `.wrongEncoding`, `.recordTooLong`, and
  ///   `.malformedText` under `.error`, each after all records before it have been handed out.
  public func next() throws -> RecordChunk? { try nextBlock()?.records() }

  /// The same records, still to be cut, which any thread may do. Under `.error` they are cut here: the
  /// first that is malformed ends the stream.
  public func nextBlock() throws -> RecordBlock? {
    while true {
      if let postponed { throw postponed }
      if !isOpen {
        guard try input.advance() else { return nil }
        (isOpen, isAtEnd, isAtStart) = (true, false, hasStartOfFile)
        (nextRecord, scanned, hasDelimiter) = (1, 0, false)
      }
      try fill()
      if let block = try cut() { return block }
      if isAtEnd, queue.count == 0 { isOpen = false }
    }
  }

  // MARK: - Filling

  private func fill() throws {
    var deadline: UInt64?
    while !isAtEnd {
      if isAtStart { try skipByteOrderMark() }
      try findDelimiter()
      if hasDelimiter {
        if queue.count >= options.chunkBytes { return }
        if let latency = options.maximumLatency, !isAtStart {
          let end = deadline ?? monotonicNanoseconds() &+ latency
          deadline = end
          if !waits(until: end) { return }
        }
      } else if !isAtStart, queue.count > options.maximumRecord {
        return
      }
      try readMore()
    }
    if isAtStart { try skipByteOrderMark() }
  }

  private func readMore() throws {
    let limit = min(room, options.readBytes)
    let count = try queue.append(limit: limit) { try input.read(into: $0) }
    if count == limit { room = min(2 * limit, options.readBytes) }
    if count == 0 { isAtEnd = true }
  }

  private func findDelimiter() throws {
    guard !hasDelimiter, !isAtStart else { return }
    hasDelimiter = queue.withBytes { bytes in
      firstDelimiter(in: bytes, from: scanned) != nil
    }
    scanned = queue.count
  }

  private func firstDelimiter(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(options.delimiter.rawValue), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Whether more input came before the deadline.
  private func waits(until deadline: UInt64) -> Bool {
    let now = monotonicNanoseconds()
    guard now < deadline else { return false }
    let milliseconds = min((deadline - now) / 1_000_000 + 1, 1 << 30)
    return input.waitForInput(milliseconds: Int32(milliseconds))
  }

  /// Drops a UTF-8 BOM as soon as the first bytes are known to be one, or not to be.
  private func skipByteOrderMark() throws {
    let start = queue.withBytes { Array($0.prefix(3)) }
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      let encoding = start[0] == 0xFF ? "UTF-16 (little-endian)" : "UTF-16 (big-endian)"
      throw PipelineError.wrongEncoding(file: input.name, encoding: encoding)
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if start == mark {
      queue.removeFirst(3)
    } else if !isAtEnd {
      let mayBecomeMark = mark.starts(with: start) || start == [0xFF] || start == [0xFE]
      if mayBecomeMark { return }
    }
    isAtStart = false
  }

  // MARK: - Cutting

  /// Takes the records at the front of the queue that make one chunk.
  private func cut() throws -> RecordBlock? {
    let (count, length, isTooLong) = queue.withBytes {
      RecordWindow.measure($0, options, isAtEnd: isAtEnd)
    }
    guard count > 0 else {
      guard isTooLong else { return nil }
      throw postpone(
        .recordTooLong(file: input.name, line: nextRecord, limit: options.maximumRecord))
    }
    let bytes = queue.withBytes { Array($0[..<length]) }
    queue.removeFirst(length)
    (scanned, hasDelimiter) = (0, false)
    if options.invalid == .error { return try soundBlock(of: bytes) }
    defer {
      nextRecord += count
      recordCount += count
    }
    return RecordBlock(
      bytes, options, file: input.name, firstRecord: nextRecord, malformed: malformed)
  }

  /// The records before the first that is malformed.
  private func soundBlock(of bytes: [UInt8]) throws -> RecordBlock {
    var (chunk, fault) = bytes.withUnsafeBufferPointer { bytes in
      var window = RecordWindow(allOf: bytes, options)
      let chunk = window.chunk(
        from: bytes, options, file: input.name, firstRecord: nextRecord)
      return (chunk, window.malformed)
    }
    if let (index, offset) = fault {
      let error = PipelineError.malformedText(
        file: input.name, line: nextRecord + index, offset: offset + 1)
      guard index > 0 else { throw postpone(error) }
      chunk = chunk.prefix(index)
      _ = postpone(error)
    }
    nextRecord += chunk.count
    recordCount += chunk.count
    return RecordBlock(chunk, malformed: malformed)
  }

  /// Remembers the error: whoever asks again after it is told again.
  private func postpone(_ error: PipelineError) -> PipelineError {
    postponed = error
    return error
  }
}

/// The time since some fixed moment; never goes back.
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
