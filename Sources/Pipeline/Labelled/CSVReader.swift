/// Reads comma-separated values as RFC 4180 has them: rows end at LF or CRLF, a field in double
/// quotes may hold commas, line ends and doubled quotes.
///
/// A quote inside a field that does not begin with one is data. Lines are counted from 1.
package struct CSVReader {
  /// One row and the line it began on.
  package struct Row: Equatable {
    package var fields: [[UInt8]]
    package var line: Int
  }

  /// Why the bytes are no CSV: what is wrong and on which line.
  package struct Fault: Error, Equatable {
    package var line: Int
    package var reason: String

    package init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  private let bytes: ArraySlice<UInt8>
  private var place: Int
  private var line = 1

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// The next row, or `nil` at the end. A row without a single byte (an empty line) is passed over.
  package mutating func next() throws(Fault) -> Row? {
    while let byte = peek, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
      place += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
    }
    guard peek != nil else { return nil }
    var row = Row(fields: [], line: line)
    repeat { row.fields.append(try field()) } while take(UInt8(ascii: ","))
    return row
  }

  private var peek: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    place += 1
    return true
  }

  private mutating func field() throws(Fault) -> [UInt8] {
    if take(UInt8(ascii: "\"")) { return try quotedField() }
    let start = place
    while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n") { place += 1 }
    var end = place
    let endsRow = peek != UInt8(ascii: ",")
    if endsRow && end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Array(bytes[start..<end])
  }

  /// The rest of a field after its opening quote.
  private mutating func quotedField() throws(Fault) -> [UInt8] {
    let opening = line
    var field: [UInt8] = []
    while let byte = peek {
      place += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard byte == UInt8(ascii: "\"") else {
        field.append(byte)
        continue
      }
      if take(UInt8(ascii: "\"")) {
        field.append(byte)
        continue
      }
      _ = take(UInt8(ascii: "\r"))
      guard peek == nil || peek == UInt8(ascii: ",") || peek == UInt8(ascii: "\n") else {
        throw Fault(line: line, reason: "text after the closing quote of a field")
      }
      return field
    }
    throw Fault(line: opening, reason: "a quoted field without its closing quote")
  }
}

extension RecordReader {
  /// All bytes of a file as well-formed UTF-8: a quoted field may hold line ends.
  static func text(of path: String, options: RecordOptions) throws -> [UInt8] {
    var options = options
    options.keepsCarriageReturn = true
    let reader = try RecordReader(files: [path], options: options)
    var bytes: [UInt8] = []
    while let chunk = try reader.next() {
      for i in 0..<chunk.count {
        bytes += chunk.text.bytes[chunk.text.range(i)]
        bytes.append(options.delimiter.rawValue)
      }
    }
    return bytes
  }
}
