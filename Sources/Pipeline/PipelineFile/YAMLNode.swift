/// A value of a YAML text, and the line where it begins.
struct YAMLNode {
  let line: Int
  let content: Content

  enum Content {
    /// A text; `isPlain` where it stands without quotes and without a tag that makes it a text.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([(key: YAMLNode, value: YAMLNode)])
  }

  /// The text of a scalar.
  var text: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }
}
