/// N records of well-formed UTF-8, one after the other in one buffer.
public struct TextChunk: Payload {
  public static var kind: PayloadKind { .text }

  /// The bytes of all records, without separators. Always well-formed UTF-8.
  public var bytes: [UInt8]
  /// `ends[i]` is where record `i` ends in `bytes`; it begins where record `i - 1` ends.
  public var ends: [UInt32]
  /// Where each byte came from in the original record; `nil` where nobody asked for offsets.
  public var alignment: Alignment?

  public init(bytes: [UInt8] = [], ends: [UInt32] = [], alignment: Alignment? = nil) {
    self.bytes = bytes
    self.ends = ends
    self.alignment = alignment
  }

  /// A chunk of the given strings, in order.
  public init(_ records: some Sequence<String>) {
    self.init()
    for record in records { append(record.utf8) }
  }

  public var count: Int { ends.count }

  /// The byte range of record `i` in `bytes`.
  public func range(_ i: Int) -> Range<Int> {
    (i == 0 ? 0 : Int(ends[i - 1]))..<Int(ends[i])
  }

  /// Record `i` as a string.
  public func string(_ i: Int) -> String { String(decoding: bytes[range(i)], as: UTF8.self) }

  /// Adds one record. The bytes must be well-formed UTF-8, and a chunk holds less than 4 GiB.
  public mutating func append(_ record: some Sequence<UInt8>) {
    bytes.append(contentsOf: record)
    ends.append(UInt32(bytes.count))
  }
}

/// For every byte of a text, the range of **original** record bytes that it stands for.
///
/// Byte `i` of the chunk stands for original bytes `starts[i]..<ends[i]`, counted from the start of
/// its original record; a token over bytes `b..<e` covers original bytes `starts[b]..<ends[e - 1]`.
public struct Alignment: Sendable, Hashable {
  public var starts: [UInt32]
  public var ends: [UInt32]

  public init(starts: [UInt32] = [], ends: [UInt32] = []) {
    self.starts = starts
    self.ends = ends
  }

  /// The identity: every byte of `chunk` stands for itself, scalars kept whole.
  public init(identityOf chunk: TextChunk) {
    var starts = [UInt32](repeating: 0, count: chunk.bytes.count)
    var ends = starts
    for record in 0..<chunk.count {
      let range = chunk.range(record)
      var i = range.lowerBound
      while i < range.upperBound {
        var next = i + 1
        while next < range.upperBound, chunk.bytes[next] & 0xC0 == 0x80 { next += 1 }
        for byte in i..<next {
          starts[byte] = UInt32(i - range.lowerBound)
          ends[byte] = UInt32(next - range.lowerBound)
        }
        i = next
      }
    }
    self.init(starts: starts, ends: ends)
  }
}
