import Pipeline

/// Reads the `post_processor`, `truncation` and `padding` of a `tokenizer.json`.
enum HFPostProcessorReader {
  static let known = [
    "TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel", "Sequence",
  ]

  static func read(_ place: JSONPlace) throws -> [PostProcessor] {
    if place.isNull { return [] }
    let type = try place["type"].text()
    switch type {
    case "Sequence": return try place["processors"].elements().flatMap(read)
    case "ByteLevel": return try trim(place)
    case "BertProcessing": return [try around(place)]
    case "RobertaProcessing": return try trim(place) + [around(place)]
    case "TemplateProcessing": return [try template(place)]
    default: throw place.unknownType(type, known: known)
    }
  }

  private static func trim(_ place: JSONPlace) throws -> [PostProcessor] {
    guard try place["trim_offsets"].bool(or: true) else { return [] }
    return [.trimOffsets(addsSpace: try place["add_prefix_space"].bool(or: true))]
  }

  private static func around(_ place: JSONPlace) throws -> PostProcessor {
    let id = { (place: JSONPlace) in
      let pair = try place.elements()
      guard pair.count == 2 else { throw place.fault("must be a token and its id") }
      return try pair[1].id()
    }
    return .template([
      .special([try id(place["cls"])]), .sequence, .special([try id(place["sep"])]),
    ])
  }

  /// The template of a single text; that of a pair is not used.
  private static func template(_ place: JSONPlace) throws -> PostProcessor {
    .template(
      try place["single"].elements().map { part in
        if !part["Sequence"].isNull {
          guard part["Sequence"]["id"].value == "A" else {
            throw part["Sequence"]["id"].fault("a template for one text has sequence A alone")
          }
          return .sequence
        }
        let name = try part["SpecialToken"]["id"].text()
        return .special(try place["special_tokens"][name]["ids"].elements().map { try $0.id() })
      })
  }

  private enum Direction: String, CaseIterable {
    case left = "Left"
    case right = "Right"
  }

  static func truncation(_ place: JSONPlace) throws -> Truncation? {
    if place.isNull { return nil }
    let direction = place["direction"]
    return Truncation(
      maximumLength: try place["max_length"].number(),
      keepsEnd: try !direction.isNull && direction.choice(Direction.self) == .left)
  }

  /// A record is padded by itself: "BatchLongest" only rounds its length up to a multiple.
  ///
  /// The limits are above every known tokenizer's; each record takes so much memory.
  static func padding(_ place: JSONPlace) throws -> Padding? {
    if place.isNull { return nil }
    let strategy = place["strategy"]
    var length = 0
    if strategy.value.stringValue != "BatchLongest" {
      length = try strategy["Fixed"].number(upTo: 1 << 17)
    }
    let multiple = place["pad_to_multiple_of"]
    return Padding(
      length: length, multiple: multiple.isNull ? 0 : try multiple.number(upTo: 1 << 17),
      id: try place["pad_id"].id(),
      isAtStart: try place["direction"].choice(Direction.self) == .left)
  }
}
