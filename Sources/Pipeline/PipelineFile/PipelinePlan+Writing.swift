extension PipelinePlan {
  /// The plan as YAML, which `read` reads back to the same stages and options. Options stand in the
  /// order of their names' bytes.
  public var yaml: String {
    guard !steps.isEmpty else { return "[]\n" }
    return steps.reduce("") { text, step in
      step.options.members.reduce(text + "- stage: \(Self.quoted(step.stage))\n") {
        let (key, isLong) = Self.key($1.key)
        return $0 + "  \(key)\(isLong ? "\n  " : ""): \(Self.flow($1.value))\n"
      }
    }
  }

  private static func flow(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): quoted(text)
    case .array(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
    case .object(let object):
      "{" + object.members.map { "\(key($0.key).text): \(flow($0.value))" }.joined(separator: ", ")
        + "}"
    default: value.text()
    }
  }

  /// A key; one that is longer than YAML allows without a mark gets it.
  private static func key(_ text: String) -> (text: String, isLong: Bool) {
    let key = quoted(text)
    return key.utf8.count <= 1000 ? (key, false) : ("? \(key)", true)
  }

  /// The text as it is where it is a plain name, and in double quotes with YAML's escapes elsewhere.
  private static func quoted(_ text: String) -> String {
    let isName = text.wholeMatch(of: /[a-z][A-Za-z]*(?:[.\-][a-z0-9]+)*(?:@[0-9]+)?/) != nil
    if isName, !["true", "false", "null"].contains(text) { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFDFF:
        result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
    }
    return result + "\""
  }
}
