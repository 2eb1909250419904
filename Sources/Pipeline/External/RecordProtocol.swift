import Glibc

/// The protocol of numbered records, version 1 (`docs/plugins.md` has the exact bytes).
enum RecordProtocol {
  static let greeting = Array("seqtool-plugin 1\n".utf8)

  /// All records of a chunk, numbered from `first`, and the wish that they be answered now.
  static func message(_ chunk: TextChunk, from first: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(chunk.bytes.count + 24 * (chunk.count + 1))
    for record in 0..<chunk.count {
      let range = chunk.range(record)
      bytes.append(contentsOf: "record \(first + record) \(range.count)\n".utf8)
      bytes.append(contentsOf: chunk.bytes[range])
      bytes.append(0x0A)
    }
    bytes.append(contentsOf: "flush \(first + chunk.count)\n".utf8)
    return bytes
  }
}

/// The plugin's half of the handshake: the greeting, sent back.
struct HandshakeReply: ReplyParser {
  private var line: [UInt8] = []

  let progress = "the handshake was not answered"
  var isComplete: Bool { line.last == 0x0A }

  mutating func take(_ block: UnsafeBufferPointer<UInt8>) throws {
    for byte in block {
      guard !isComplete else { throw ReplyFault("said something before it was asked") }
      line.append(byte)
      guard RecordProtocol.greeting.starts(with: line) else {
        throw ReplyFault(
          "answered the handshake with \"\(Escaping.printable(line))\" instead of "
            + "\"seqtool-plugin 1\" (does it speak the protocol of mode records, version 1?)")
      }
    }
  }

  mutating func finish() throws {}
}

/// Numbered records with their lengths, in order, then `flushed`.
struct RecordReplies: ReplyParser {
  private enum State {
    case header
    case body(isError: Bool, remaining: Int)
    case end
  }

  private static let headerLimit = 64
  private static let errorLimit = 4096

  private(set) var records = TextChunk()
  private let expected: Int
  private let first: Int
  private let limits: ReplyLimits
  private var state = State.header
  private var header: [UInt8] = []
  private var complaint: [UInt8] = []

  init(to chunk: TextChunk, from first: Int, _ options: ProcessRun.Options) {
    expected = chunk.count
    self.first = first
    limits = ReplyLimits(to: chunk, options)
    records.ends.reserveCapacity(expected)
    records.bytes.reserveCapacity(chunk.bytes.count)
  }

  var progress: String { "\(records.count) of \(expected) records came" }
  var isComplete: Bool {
    if case .end = state { true } else { false }
  }

  mutating func take(_ block: UnsafeBufferPointer<UInt8>) throws {
    var rest = block[...]
    while let next = rest.first {
      switch state {
      case .end: throw ReplyFault("said more after its answers to all \(expected) records")
      case .header:
        rest.removeFirst()
        if next == 0x0A {
          try read(header)
          header.removeAll(keepingCapacity: true)
        } else {
          header.append(next)
          guard header.count <= Self.headerLimit else { throw malformed() }
        }
      case .body(let isError, 0):
        guard next == 0x0A else {
          throw ReplyFault("record \(number) of its reply is longer than it says")
        }
        rest.removeFirst()
        try endBody(isError)
      case .body(let isError, let remaining):
        let part = rest.prefix(remaining)
        if isError { complaint += part } else { records.bytes.append(contentsOf: part) }
        rest = rest.dropFirst(part.count)
        state = .body(isError: isError, remaining: remaining - part.count)
      }
    }
  }

  mutating func finish() throws {
    guard isComplete else {
      throw ReplyFault("took \(expected) records and gave only \(records.count)")
    }
  }

  private var number: Int { first + records.count }

  private mutating func read(_ header: [UInt8]) throws {
    let words = header.split(separator: 0x20, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    let numbers = words.dropFirst().map { $0.utf8.count <= 18 ? UInt64($0) : nil }
    switch (words[0], numbers.count) {
    case ("flushed", 1):
      guard isNumber(numbers[0], first + expected), records.count == expected else {
        throw ReplyFault("took \(expected) records and gave only \(records.count)")
      }
      state = .end
    case ("record", 2), ("error", 2):
      guard let length = numbers[1].flatMap(Int.init(exactly:)) else { throw malformed() }
      guard records.count < expected else {
        throw ReplyFault("gave more records than the \(expected) that it took")
      }
      guard isNumber(numbers[0], number) else {
        throw ReplyFault("answered with record \(words[1]) where \(number) was due")
      }
      let isError = words[0] == "error"
      try limits.check(record: length, total: records.bytes.count + length)
      guard !isError || length <= Self.errorLimit else { throw malformed() }
      state = .body(isError: isError, remaining: length)
    default: throw malformed()
    }
  }

  private func isNumber(_ found: UInt64?, _ due: Int) -> Bool { found == UInt64(due) }

  private mutating func endBody(_ isError: Bool) throws {
    guard !isError else {
      throw ReplyFault("record \(number): \(Escaping.printable(complaint, limit: 400))")
    }
    records.ends.append(UInt32(records.bytes.count))
    state = .header
  }

  private func malformed() -> ReplyFault {
    ReplyFault("said \"\(Escaping.printable(header))\", which is not of the protocol")
  }
}
