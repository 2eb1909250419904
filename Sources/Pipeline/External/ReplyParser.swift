import Glibc

/// Reads a plugin's reply as it comes, in blocks that end anywhere.
protocol ReplyParser {
  /// What was asked for, as in `3 of 10 records came`.
  var progress: String { get }
  /// Whether all that was asked for has come.
  var isComplete: Bool { get }
  /// - Throws: `ReplyFault`, also for bytes after the end.
  mutating func take(_ block: UnsafeBufferPointer<UInt8>) throws
  /// Called where the output ended as it should.
  mutating func finish() throws
}

/// What is wrong with a reply, in words that follow the plugin's name.
struct ReplyFault: Error {
  let problem: String
  init(_ problem: String) { self.problem = problem }
}

/// How large a reply may be.
struct ReplyLimits {
  let record: Int
  let total: Int

  init(to chunk: TextChunk, _ options: ProcessRun.Options) {
    record = options.maxRecord
    total = max(options.maxRecord, 64 << 20) + 16 * chunk.bytes.count
  }

  func check(record length: Int, total: Int) throws {
    guard length <= record else {
      throw ReplyFault("a record of its reply is longer than \(record) bytes (maxRecord)")
    }
    guard total <= self.total else {
      throw ReplyFault("its reply to one chunk is longer than \(self.total) bytes")
    }
  }
}

/// Records that end in a delimiter; the last may lack it.
struct LineReplies: ReplyParser {
  private(set) var records = TextChunk()
  private let expected: Int
  private let delimiter: UInt8
  private let limits: ReplyLimits
  private var start = 0

  init(to chunk: TextChunk, _ options: ProcessRun.Options) {
    expected = chunk.count
    delimiter = options.framing.delimiter
    limits = ReplyLimits(to: chunk, options)
    records.ends.reserveCapacity(expected)
    records.bytes.reserveCapacity(chunk.bytes.count)
  }

  var progress: String { "\(records.count) of \(expected) records came" }
  var isComplete: Bool { records.count == expected }

  mutating func take(_ block: UnsafeBufferPointer<UInt8>) throws {
    var rest = block
    while let base = rest.baseAddress, !rest.isEmpty {
      guard !isComplete else {
        throw ReplyFault("gave more records than the \(expected) that it took")
      }
      let end = memchr(base, Int32(delimiter), rest.count)
      let length = end.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? rest.count
      try limits.check(
        record: records.bytes.count - start + length, total: records.bytes.count + length)
      records.bytes.append(contentsOf: rest[..<length])
      guard end != nil else { return }
      endRecord()
      rest = UnsafeBufferPointer(rebasing: rest[(length + 1)...])
    }
  }

  mutating func finish() throws {
    if records.bytes.count > start, !isComplete { endRecord() }
    guard isComplete else {
      throw ReplyFault("took \(expected) records and gave only \(records.count)")
    }
  }

  private mutating func endRecord() {
    start = records.bytes.count
    records.ends.append(UInt32(start))
  }
}
