import Pipeline

/// Token chunks as lines: tokens joined by a separator, or one JSON object per record.
struct TokenFormatter {
  enum Style {
    case joined(by: [UInt8])
    case json
  }

  let delimiter: UInt8
  let style: Style
  /// What the offsets of JSON count.
  var offsets = OffsetUnit.byte

  /// One line for each record, an empty one for a skipped record.
  func format(_ chunk: TokenChunk, of records: RecordChunk) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(chunk.bytes.count * 2 + chunk.starts.count + chunk.count)
    var skipped = SkippedRecords(records)
    var converter = OffsetConverter(offsets)
    for record in 0..<chunk.count {
      if !skipped.contains(record) {
        switch style {
        case .joined(let separator): join(chunk, record, by: separator, into: &output)
        case .json:
          converter.take(records.text.bytes[records.text.range(record)])
          object(chunk, record, converter, into: &output)
        }
      }
      output.append(delimiter)
    }
    return output
  }

  private func join(
    _ chunk: TokenChunk, _ record: Int, by separator: [UInt8], into output: inout [UInt8]
  ) {
    for (place, token) in chunk.tokens(record).enumerated() {
      if place > 0 { output += separator }
      Self.escape(chunk.token(token), into: &output)
    }
  }

  private func object(
    _ chunk: TokenChunk, _ record: Int, _ offset: OffsetConverter, into output: inout [UInt8]
  ) {
    let tokens = chunk.tokens(record)
    output += Array("{\"tokens\":[".utf8)
    for token in tokens {
      if token > tokens.lowerBound { output.append(UInt8(ascii: ",")) }
      let bytes = chunk.token(token)
      if let byte = Self.loneByte(bytes) {
        JSONValue.append(Self.notation(of: byte), to: &output)
      } else {
        JSONValue.append(bytes, to: &output)
      }
    }
    output += Array("],\"offsets\":[".utf8)
    if let spans = chunk.spans {
      for token in tokens {
        if token > tokens.lowerBound { output.append(UInt8(ascii: ",")) }
        output += Array(
          "[\(offset(spans[token].lowerBound)),\(offset(spans[token].upperBound))]".utf8)
      }
    }
    output += Array("]}".utf8)
  }

  /// The token with white space and backslashes escaped.
  static func escape(_ token: ArraySlice<UInt8>, into output: inout [UInt8]) {
    if let byte = loneByte(token) {
      output += notation(of: byte)
      return
    }
    // Almost every token is plain: no byte that could begin white space or an escape.
    if token.allSatisfy({ $0 > 0x20 && $0 < 0x80 && $0 != UInt8(ascii: "\\") }) {
      output += token
      return
    }
    for scalar in String(decoding: token, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\\": output += Array("\\\\".utf8)
      case " ": output += Array("\\s".utf8)
      case "\t": output += Array("\\t".utf8)
      case "\n": output += Array("\\n".utf8)
      case "\r": output += Array("\\r".utf8)
      case _ where scalar.properties.isWhitespace:
        output += Array("\\u{\(String(scalar.value, radix: 16, uppercase: true))}".utf8)
      default: output += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }

  /// The byte of a token that is one byte of a longer sequence, as byte tokens are.
  private static func loneByte(_ token: ArraySlice<UInt8>) -> UInt8? {
    guard token.count == 1, let byte = token.first, byte >= 0x80 else { return nil }
    return byte
  }

  private static func notation(of byte: UInt8) -> [UInt8] {
    Array("<0x\(String(byte, radix: 16, uppercase: true))>".utf8)
  }
}
