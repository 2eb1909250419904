import Pipeline

/// The value of one option, and where it came from.
struct Setting {
  enum Value: Equatable {
    case flag(Bool)
    /// One text, or several for an option that may be repeated.
    case texts([String])
  }

  let key: String
  var value: Value
  /// For messages: `FILE:LINE`, `--set`, `SEQTOOL_THREADS`.
  let origin: String

  /// A value out of a file.
  /// - Throws: `CLIError.usage` where the option cannot have such a value.
  init(_ option: OptionDeclaration, _ json: JSONValue, origin: String) throws {
    key = option.key
    self.origin = origin
    switch (option.kind, json) {
    case (.flag, .bool(let isOn)): value = .flag(isOn)
    case (.flag, _): throw Self.fault(option, "takes true or false", origin)
    case (_, .array(let elements)) where option.isRepeating:
      value = .texts(try elements.map { try Self.text($0, option, origin) })
    default: value = .texts([try Self.text(json, option, origin)])
    }
  }

  /// A value out of `--set` or the environment.
  /// - Throws: `CLIError.usage` for a flag that is neither `true` nor `false`.
  init(_ option: OptionDeclaration, text: String, origin: String) throws {
    let isFlag = option.kind == .flag
    let json: JSONValue =
      isFlag && ["true", "false"].contains(text) ? .bool(text == "true") : .string(text)
    try self.init(option, json, origin: origin)
  }

  private static func text(
    _ json: JSONValue, _ option: OptionDeclaration, _ origin: String
  ) throws -> String {
    switch json {
    case .string(let text): return text
    case .int, .double: return json.text()
    case .array: throw fault(option, "takes one value, not a list", origin)
    default: throw fault(option, "takes a text or a number", origin)
    }
  }

  private static func fault(
    _ option: OptionDeclaration, _ problem: String, _ origin: String
  ) -> CLIError {
    .usage("\(origin): option \"\(option.key)\" \(problem)")
  }

  /// The value as JSON: a text that is a number, written as JSON writes it, is that number.
  static func json(_ value: Value, isRepeating: Bool) -> JSONValue {
    switch value {
    case .flag(let isOn): .bool(isOn)
    case .texts(let texts) where !isRepeating && texts.count == 1: json(texts[0])
    case .texts(let texts): .array(texts.map { json($0) })
    }
  }

  private static func json(_ text: String) -> JSONValue {
    if let number = Int(text), JSONValue.int(number).text() == text { return .int(number) }
    if let number = Double(text), number.isFinite, JSONValue.double(number).text() == text {
      return .double(number)
    }
    return .string(text)
  }

  /// The words that say this to the parser.
  func arguments(_ option: OptionDeclaration, isInvertible: Bool) -> [String] {
    let name = option.preferredName
    switch value {
    case .flag(true): return [name]
    case .flag(false): return isInvertible ? ["--no-\(key)"] : []
    case .texts(let texts):
      // Joined by `=`, so that a value may begin with a dash; alone where it is empty.
      return texts.flatMap { text in
        text.isEmpty || !name.hasPrefix("--") ? [name, text] : ["\(name)=\(text)"]
      }
    }
  }
}
