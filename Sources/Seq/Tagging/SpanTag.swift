/// A tag that says where in a span its token stands, such as `B-PER`: the position, and the type of
/// the span.
public struct SpanTag: Sendable, Hashable {
  /// Where a token stands; `L-` and `U-` (BILOU) are read as `E-` and `S-`.
  public enum Position: Character, Sendable, Hashable {
    case outside = "O"
    case begin = "B"
    case inside = "I"
    case end = "E"
    case single = "S"
  }

  public let position: Position
  /// The type, empty outside and where a tag names none (`B`).
  public let type: String

  public static let outside = SpanTag(position: .outside, type: "")

  public init(position: Position, type: String) {
    self.position = position
    self.type = type
  }

  /// Reads `O`, `B-type`, or a position alone; `nil` for another word.
  public init?(_ label: String) {
    guard let letter = label.first else { return nil }
    let rest = label.dropFirst()
    guard let position = Position(rawValue: letter == "L" ? "E" : letter == "U" ? "S" : letter),
      rest.isEmpty || rest.first == "-" && position != .outside
    else { return nil }
    self.init(position: position, type: String(rest.dropFirst()))
  }

  /// All of a model's tags; `nil` where one is no such tag, or none begins or continues a span.
  public static func all(_ labels: [String]) -> [SpanTag]? {
    let tags = labels.compactMap { SpanTag($0) }
    let marksSpans = tags.contains { $0.position != .outside }
    return tags.count == labels.count && marksSpans ? tags : nil
  }

  /// Whether a span ends between this tag and the next: the rule of `conlleval` (Tjong Kim Sang and
  /// De Meulder, 2003), which finds spans in tags of every scheme, valid or not.
  func endsSpan(before next: SpanTag) -> Bool {
    switch (position, next.position) {
    case (.outside, _): false
    case (.end, _), (.single, _), (_, .begin), (_, .single), (_, .outside): true
    default: type != next.type
    }
  }

  /// Whether a span begins with this tag, by the same rule.
  func beginsSpan(after previous: SpanTag) -> Bool {
    switch (previous.position, position) {
    case (_, .outside): false
    case (_, .begin), (_, .single), (.end, _), (.single, _), (.outside, _): true
    default: type != previous.type
    }
  }
}
