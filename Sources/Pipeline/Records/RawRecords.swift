/// N records of any bytes, one after the other in one buffer, without delimiters.
public struct RawRecords: Sendable, Hashable {
  public var bytes: [UInt8]
  /// `ends[i]` is where record `i` ends in `bytes`; it begins where record `i - 1` ends.
  public var ends: [UInt32]

  public init(bytes: [UInt8] = [], ends: [UInt32] = []) {
    self.bytes = bytes
    self.ends = ends
  }

  public var count: Int { ends.count }

  /// The byte range of record `i` in `bytes`.
  public func range(_ i: Int) -> Range<Int> {
    (i == 0 ? 0 : Int(ends[i - 1]))..<Int(ends[i])
  }

  /// The bytes of record `i`.
  public subscript(i: Int) -> ArraySlice<UInt8> { bytes[range(i)] }
}
