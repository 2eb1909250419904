/// N records as they were read, with their text made safe for a chain.
public struct RecordChunk: Sendable {
  /// The file's name as it was given; `-` is standard input.
  public var file: String
  /// The 1-based number, within the file, of the first record.
  public var firstRecord: Int
  /// The records as they came, to be echoed: without delimiter, CR of CR LF and leading BOM.
  public var raw: RawRecords
  /// The same records as well-formed UTF-8. Shares `raw`'s buffer where nothing was repaired.
  public var text: TextChunk
  /// The indices, ascending, of records left out because they were malformed: their text is
  /// empty, and an empty result line stands for each.
  public var skipped: [Int]
  /// How many records held malformed UTF-8.
  public var malformedCount: Int

  public init(
    file: String, firstRecord: Int = 1, raw: RawRecords, text: TextChunk, skipped: [Int] = [],
    malformedCount: Int = 0
  ) {
    self.file = file
    self.firstRecord = firstRecord
    self.raw = raw
    self.text = text
    self.skipped = skipped
    self.malformedCount = malformedCount
  }

  public var count: Int { raw.count }
}
