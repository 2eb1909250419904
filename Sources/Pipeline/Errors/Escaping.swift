/// Makes text from outside safe to stand in a message: one line, no terminal control codes.
public enum Escaping {
  /// The text with control characters and malformed bytes written as `\n`, `\t`, `\u{1B}`, `\x80`,
  /// cut after `limit` bytes.
  public static func printable(_ bytes: some Sequence<UInt8>, limit: Int = 120) -> String {
    var prefix = Array(bytes.prefix(limit + 1))
    let isCut = prefix.count > limit
    if isCut { prefix.removeLast() }
    var text = ""
    var rest = prefix[...]
    while !rest.isEmpty {
      let (length, isValid) = rest.withUnsafeBufferPointer { UTF8Scanner.sequence(in: $0, at: 0) }
      if isValid {
        for scalar in String(decoding: rest.prefix(length), as: UTF8.self).unicodeScalars {
          append(scalar, to: &text)
        }
      } else {
        for byte in rest.prefix(length) { text += "\\x" + hexadecimal(UInt32(byte), width: 2) }
      }
      rest = rest.dropFirst(length)
    }
    return isCut ? text + "..." : text
  }

  /// The string with control characters escaped.
  public static func printable(_ text: String, limit: Int = 120) -> String {
    printable(text.utf8, limit: limit)
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    default:
      switch scalar.properties.generalCategory {
      // Format characters include the bidirectional controls, which can reorder a whole line.
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        text += "\\u{" + hexadecimal(scalar.value, width: 2) + "}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  private static func hexadecimal(_ value: UInt32, width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
