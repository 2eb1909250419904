extension JSONValue {
  /// The canonical text: no spaces, keys sorted by bytes, shortest fractions that read back the
  /// same. Equal values give equal bytes. A number that is not finite becomes `null`.
  public func bytes() -> [UInt8] {
    var output: [UInt8] = []
    write(to: &output)
    return output
  }

  /// The canonical text as a string.
  public func text() -> String { String(decoding: bytes(), as: UTF8.self) }

  private func write(to output: inout [UInt8]) {
    switch self {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .int(let value): output += String(value).utf8
    case .double(let value): output += (value.isFinite ? value.description : "null").utf8
    case .string(let value): Self.append(value, to: &output)
    case .array(let values):
      output.append(UInt8(ascii: "["))
      for (i, value) in values.enumerated() {
        if i > 0 { output.append(UInt8(ascii: ",")) }
        value.write(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let object):
      output.append(UInt8(ascii: "{"))
      for (i, member) in object.members.enumerated() {
        if i > 0 { output.append(UInt8(ascii: ",")) }
        Self.append(member.key, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a quoted JSON string; what need not be escaped is not.
  public static func append(_ string: String, to output: inout [UInt8]) {
    append(string.utf8, to: &output)
  }

  /// Appends well-formed UTF-8 as a quoted JSON string.
  public static func append(_ utf8: some Sequence<UInt8>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        output.append(UInt8(ascii: "\\"))
        output.append(byte)
      case 0x08: output += "\\b".utf8
      case 0x09: output += "\\t".utf8
      case 0x0A: output += "\\n".utf8
      case 0x0C: output += "\\f".utf8
      case 0x0D: output += "\\r".utf8
      case 0..<0x20:
        output += "\\u00".utf8
        output.append(hexadecimal(byte >> 4))
        output.append(hexadecimal(byte & 15))
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
