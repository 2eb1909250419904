import Pipeline

/// One argument of a command, as its declaration says.
struct OptionDeclaration {
  enum Kind: String {
    case flag, option, positional
  }

  let kind: Kind
  /// The long name, or the short one where there is no long one; of a positional, its value's name.
  let key: String
  /// As they are typed: `-k`, `--threads`.
  let names: [String]
  let summary: String
  let valueName: String
  let defaultValue: String?
  let choices: [String]
  let section: String?
  let isRepeating: Bool
  let isRequired: Bool
  let isShown: Bool

  /// - Parameter json: an element of `arguments` in ArgumentParser's own description.
  init?(_ json: JSONValue) {
    guard let kind = json["kind"]?.stringValue.flatMap(Kind.init(rawValue:)),
      let valueName = json["valueName"]?.stringValue
    else { return nil }
    self.kind = kind
    self.valueName = valueName
    let names = (json["names"]?.arrayValue ?? []).compactMap { name in
      name["name"]?.stringValue.map { (text: $0, isLong: name["kind"]?.stringValue == "long") }
    }
    self.names = names.map { ($0.isLong ? "--" : "-") + $0.text }
    key = (names.first(where: \.isLong) ?? names.first)?.text ?? valueName
    summary = json["abstract"]?.stringValue ?? ""
    defaultValue = json["defaultValue"]?.stringValue
    choices = (json["allValues"]?.arrayValue ?? []).compactMap(\.stringValue)
    section = json["sectionTitle"]?.stringValue
    isRepeating = json["isRepeating"]?.boolValue ?? false
    isRequired = !(json["isOptional"]?.boolValue ?? true)
    isShown = json["shouldDisplay"]?.boolValue ?? true
  }

  /// The name that stands for the option on a command line that is put together.
  var preferredName: String { names.first { $0.hasPrefix("--") } ?? names.first ?? "" }

  /// `SEQTOOL_BATCH_SIZE`.
  var variable: String { Self.variablePrefix + Self.variableName(key) }

  static let variablePrefix = "SEQTOOL_"

  private static func variableName(_ key: String) -> String {
    String(
      decoding: key.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "_")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
        default: byte
        }
      }, as: UTF8.self)
  }
}
