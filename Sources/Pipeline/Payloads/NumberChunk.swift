/// N records of numbers, each a matrix of some rows of `width` numbers: pieces of series.
public struct NumberChunk: Payload {
  public static var kind: PayloadKind { .numbers }

  /// How many numbers a row has.
  public var width: Int
  /// The rows of all records, one after the other.
  public var values: [Double]
  /// Record `i` is rows `recordEnds[i - 1]..<recordEnds[i]`.
  public var recordEnds: [UInt32]

  public init(width: Int, values: [Double] = [], recordEnds: [UInt32] = []) {
    self.width = width
    self.values = values
    self.recordEnds = recordEnds
  }

  public var count: Int { recordEnds.count }

  /// The rows of record `i`.
  public func rows(_ i: Int) -> Range<Int> {
    (i == 0 ? 0 : Int(recordEnds[i - 1]))..<Int(recordEnds[i])
  }

  /// The numbers of record `i`, row by row.
  public func numbers(_ i: Int) -> ArraySlice<Double> {
    let rows = rows(i)
    return values[rows.lowerBound * width..<rows.upperBound * width]
  }
}
