/// Reads records through the head of a chain, whose stages may drop or hold records: what comes out
/// are the records that everything behind it sees.
public final class HeadReader {
  private let next: () throws -> RecordChunk?
  private var runner: ChainRunner
  private var held: ArraySlice<any Payload> = []
  private var isAtEnd = false
  private var nextRecord = 1

  /// - Parameter next: gives the records that were read; those left out as malformed are dropped.
  public init(
    _ head: Chain, context: RunContext = RunContext(), next: @escaping () throws -> RecordChunk?
  ) throws {
    self.next = next
    runner = try head.makeRunner(context)
  }

  /// The next chunk that holds a record, and the head's own payload of those records.
  public func nextChunk() throws -> (records: RecordChunk, payload: any Payload)? {
    while true {
      if let payload = held.popFirst() { return chunk(payload) }
      guard !isAtEnd else { return nil }
      if let records = try next() {
        let payload = try runner.consume(Self.sound(records))
        if payload.count > 0 { return chunk(payload) }
      } else {
        isAtEnd = true
        held = try runner.finish()[...]
      }
    }
  }

  private static func sound(_ records: RecordChunk) -> TextChunk {
    guard !records.skipped.isEmpty else { return records.text }
    let skipped = Set(records.skipped)
    return records.text.selecting((0..<records.count).filter { !skipped.contains($0) })
  }

  /// Records that are not text any more have no bytes to be echoed.
  private func chunk(_ payload: any Payload) -> (records: RecordChunk, payload: any Payload) {
    let text =
      payload as? TextChunk
      ?? TextChunk(ends: [UInt32](repeating: 0, count: payload.count))
    defer { nextRecord += payload.count }
    let records = RecordChunk(
      file: "-", firstRecord: nextRecord, raw: RawRecords(bytes: text.bytes, ends: text.ends),
      text: text)
    return (records, payload)
  }
}
