/// Whole records as they were read, still to be cut: what the thread that reads hands to those that
/// work. To cut records and to check their UTF-8 takes several times as long as to read them.
public struct RecordBlock: Sendable {
  private enum Content {
    case bytes([UInt8], RecordOptions)
    case records(RecordChunk)
  }

  private let content: Content
  private let file: String
  private let firstRecord: Int
  /// How many malformed records all blocks of a reader had.
  private let malformed: Monitor<Int>

  /// - Parameter bytes: records with their delimiters, which fit one chunk of these options.
  init(
    _ bytes: [UInt8], _ options: RecordOptions, file: String, firstRecord: Int,
    malformed: Monitor<Int>
  ) {
    content = .bytes(bytes, options)
    self.file = file
    self.firstRecord = firstRecord
    self.malformed = malformed
  }

  /// A block that was cut already.
  init(_ records: RecordChunk, malformed: Monitor<Int>) {
    content = .records(records)
    file = records.file
    firstRecord = records.firstRecord
    self.malformed = malformed
  }

  /// Cuts the records; call it once.
  public func records() -> RecordChunk {
    switch content {
    case .records(let chunk): return chunk
    case .bytes(let bytes, let options):
      let chunk = bytes.withUnsafeBufferPointer { bytes in
        var window = RecordWindow(allOf: bytes, options)
        return window.chunk(from: bytes, options, file: file, firstRecord: firstRecord)
      }
      if chunk.malformedCount > 0 { malformed.update { $0 += chunk.malformedCount } }
      return chunk
    }
  }
}
