import Pipeline

/// Id chunks as lines: ids joined by a space, or one JSON object per record.
struct IDFormatter {
  let delimiter: UInt8
  let isJSON: Bool

  /// One line for each record, an empty one for a skipped record.
  func format(_ chunk: IDChunk, of records: RecordChunk) -> [UInt8] {
    let begin = isJSON ? Array("{\"ids\":[".utf8) : []
    let end = isJSON ? Array("]}".utf8) : []
    let separator = UInt8(ascii: isJSON ? "," : " ")
    let most =
      chunk.ids.count * (Self.longestNumber + 1) + chunk.count * (begin.count + end.count + 1)
    var skipped = SkippedRecords(records)
    return [UInt8](unsafeUninitializedCapacity: most) { room, count in
      guard let lines = room.baseAddress else { return }
      var line = lines
      for record in 0..<chunk.count {
        if !skipped.contains(record) {
          Self.copy(begin, to: &line)
          let ids = chunk.range(record)
          for place in ids {
            if place > ids.lowerBound { Self.copy(CollectionOfOne(separator), to: &line) }
            line += Self.write(chunk.ids[place], to: line)
          }
          Self.copy(end, to: &line)
        }
        Self.copy(CollectionOfOne(delimiter), to: &line)
      }
      count = line - lines
    }
  }

  @inline(__always)
  private static func copy(
    _ bytes: some Collection<UInt8>, to line: inout UnsafeMutablePointer<UInt8>
  ) {
    for byte in bytes {
      line.pointee = byte
      line += 1
    }
  }

  /// Digits of the longest number and its sign.
  private static let longestNumber = 11

  /// Writes a number in decimal.
  /// - Returns: how many bytes it takes.
  @inline(__always)
  private static func write(_ number: Int32, to line: UnsafeMutablePointer<UInt8>) -> Int {
    var rest = number.magnitude
    var size = number < 0 ? 2 : 1
    var limit: UInt64 = 10
    while rest >= limit {
      size += 1
      limit *= 10
    }
    if number < 0 { line[0] = UInt8(ascii: "-") }
    var i = size
    repeat {
      i -= 1
      line[i] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    return size
  }

  /// Appends a number in decimal, without making a string of it.
  static func append(_ number: Int32, to output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longestNumber) { room in
      guard let digits = room.baseAddress else { return }
      let size = write(number, to: digits)
      output.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<size]))
    }
  }
}
