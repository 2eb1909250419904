/// How bytes become records, and how many go into one chunk.
public struct RecordOptions: Sendable, Hashable {
  /// What ends a record.
  public enum Delimiter: UInt8, Sendable, Hashable, CaseIterable {
    /// LF, and CR LF unless CR is kept.
    case newline = 0x0A
    case nul = 0x00
  }

  /// What becomes of a record with malformed UTF-8.
  public enum InvalidPolicy: String, Sendable, Hashable, CaseIterable {
    /// U+FFFD for every maximal subpart.
    case replace
    /// An error that names file, line and byte.
    case error
    /// An empty result stands for the record.
    case skip
  }

  public var delimiter: Delimiter = .newline
  /// Whether the CR of CR LF belongs to the record.
  public var keepsCarriageReturn = false
  public var invalid: InvalidPolicy = .replace
  /// The longest record, in bytes without its delimiter.
  public var maximumRecord = 16 << 20
  /// A chunk takes records while they and their delimiters fit this many bytes, and at least one.
  public var chunkBytes = 256 << 10
  public var maximumRecords = 32 << 10
  /// How many bytes are asked of the system at once; no result depends on it.
  public var readBytes = 128 << 10
  /// How long a complete record may wait for others, in nanoseconds; 0 hands records on as soon
  /// as they are read, `nil` waits for a full chunk.
  public var maximumLatency: UInt64?

  public init() {}

  /// The largest value of each size: positions in a chunk fit 32 bits, also after repair.
  static let sizeLimit = 1 << 30

  /// - Throws: `PipelineError.malformedValue` where a size is out of range.
  func validate() throws {
    for (name, value) in [
      ("record", maximumRecord), ("chunk", chunkBytes), ("read", readBytes),
      ("number of records in a chunk", maximumRecords),
    ] where !(1...Self.sizeLimit).contains(value) {
      throw PipelineError.malformedValue(
        "the largest \(name) is \(value), but must be from 1 to \(Self.sizeLimit) (1G)")
    }
  }
}
