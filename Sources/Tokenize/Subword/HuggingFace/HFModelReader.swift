import Pipeline

/// Reads the `model` of a `tokenizer.json`.
enum HFModelReader {
  static let known = ["BPE", "Unigram", "WordPiece", "WordLevel"]

  static func read(_ place: JSONPlace, isByteLevel: Bool) throws -> SubwordModel {
    _ = try place.members()
    let type = place["type"].isNull ? impliedType(place) : try place["type"].text()
    switch type {
    case "BPE": return .bpe(try bpe(place, isByteLevel))
    case "Unigram": return .unigram(try unigram(place))
    case "WordPiece":
      let tokens = try vocabulary(place["vocab"])
      let unknown = try place["unk_token"].bytes(or: "[UNK]")
      let id = tokens.id(of: unknown)
      guard id >= 0 else { throw place["unk_token"].fault("is not in the vocabulary") }
      let limit = place["max_input_chars_per_word"]
      return .wordPiece(
        WordPieceModel(
          tokens: tokens, unknown: id,
          prefix: try place["continuing_subword_prefix"].bytes(or: "##"),
          longestWord: limit.isNull ? 100 : try limit.number()))
    case "WordLevel":
      let tokens = try vocabulary(place["vocab"])
      let unknown = tokens.id(of: try place["unk_token"].bytes(or: "<unk>"))
      return .wordLevel(WordLevelModel(tokens: tokens, unknown: unknown))
    default: throw place.unknownType(type, known: known)
    }
  }

  /// The type of a model of an old file, which does not say it.
  private static func impliedType(_ place: JSONPlace) -> String {
    if !place["merges"].isNull { return "BPE" }
    if place["vocab"].value.arrayValue != nil { return "Unigram" }
    return place["continuing_subword_prefix"].isNull ? "WordLevel" : "WordPiece"
  }

  private static func vocabulary(_ place: JSONPlace) throws -> TokenTable {
    let members = try place.members()
    var entries: [(text: [UInt8], id: Int32)] = []
    entries.reserveCapacity(members.count)
    for member in members {
      guard let id = member.value.intValue, id >= 0, id < TokenTable.maximumID else {
        throw place[member.key].fault("must be an id from 0 to \(TokenTable.maximumID - 1)")
      }
      entries.append((Array(member.key.utf8), Int32(id)))
    }
    entries.sort { $0.id < $1.id }
    var table = TokenTable()
    for (text, id) in entries { try table.insert(text, id: id) }
    return table
  }

  // MARK: BPE

  private static func bpe(_ place: JSONPlace, _ isByteLevel: Bool) throws -> BPEModel {
    if !place["dropout"].isNull, try place["dropout"].double() != 0 {
      throw place["dropout"].fault("a random result is not possible here (set it to null)")
    }
    let tokens = try vocabulary(place["vocab"])
    var options = BPEModel.Options()
    if !place["unk_token"].isNull {
      let id = tokens.id(of: try place["unk_token"].bytes())
      guard id >= 0 else { throw place["unk_token"].fault("is not in the vocabulary") }
      options.unknown = id
    }
    options.fusesUnknown = try place["fuse_unk"].bool(or: false)
    options.fallsBackToBytes = try place["byte_fallback"].bool(or: false)
    options.ignoresMerges = try place["ignore_merges"].bool(or: false)
    options.continuingPrefix = try place["continuing_subword_prefix"].bytes(or: "")
    options.endSuffix = try place["end_of_word_suffix"].bytes(or: "")
    let merges = try merges(place["merges"], tokens, prefix: options.continuingPrefix)
    return try BPEModel(
      tokens: tokens, merges: merges, options: options, isByteLevel: isByteLevel)
  }

  private static func merges(
    _ place: JSONPlace, _ tokens: TokenTable, prefix: [UInt8]
  ) throws -> MergeTable {
    guard let values = place.value.arrayValue else { throw place.fault("must be a list") }
    var table = MergeTable(capacity: values.count)
    for (rank, value) in values.enumerated() {
      let item = JSONPlace(value: value, path: "\(place.path)[\(rank)]", file: place.file)
      let (left, right) = try pair(item)
      let ids = (tokens.id(of: left), tokens.id(of: right))
      guard ids.0 >= 0, ids.1 >= 0 else {
        throw item.fault("has a token that is not in the vocabulary")
      }
      let id = tokens.id(of: left + right.dropFirst(prefix.count))
      guard id >= 0 else { throw item.fault("makes a token that is not in the vocabulary") }
      table.insert(ids.0, ids.1, rank: UInt32(rank), id: id)
    }
    return table
  }

  /// `["a", "b"]`, or "a b" in older files.
  private static func pair(_ place: JSONPlace) throws -> ([UInt8], [UInt8]) {
    if let text = place.value.stringValue {
      let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw place.fault("must be two tokens with a space between") }
      return (Array(parts[0]), Array(parts[1]))
    }
    let parts = try place.elements()
    guard parts.count == 2 else { throw place.fault("must be two tokens") }
    return (try parts[0].bytes(), try parts[1].bytes())
  }

  // MARK: Unigram

  private static func unigram(_ place: JSONPlace) throws -> UnigramModel {
    guard let values = place["vocab"].value.arrayValue, !values.isEmpty else {
      throw place["vocab"].fault("must be a list of tokens with their scores")
    }
    var tokens = TokenTable()
    var pieces: [UnigramModel.Piece] = []
    pieces.reserveCapacity(values.count)
    for (i, value) in values.enumerated() {
      guard let pair = value.arrayValue, pair.count == 2, let text = pair[0].stringValue,
        let score = pair[1].doubleValue
      else {
        throw JSONPlace(
          value: value, path: "\(place.path).vocab[\(i)]", file: place.file
        ).fault("must be a token and its score")
      }
      let bytes = Array(text.utf8)
      try tokens.insert(bytes, id: Int32(i))
      pieces.append(UnigramModel.Piece(text: bytes, id: Int32(i), score: libraryValue(of: score)))
    }
    var unknown: Int32 = -1
    if !place["unk_id"].isNull { unknown = try place["unk_id"].id() }
    guard Int(unknown) < values.count else {
      throw place["unk_id"].fault("is not in the vocabulary")
    }
    return UnigramModel(
      tokens: tokens, pieces: pieces, unknown: unknown,
      lowestScore: pieces.map(\.score).min() ?? 0,
      fallsBackToBytes: try place["byte_fallback"].bool(or: false), isSinglePrecision: false)
  }

  /// A number as Hugging Face's JSON reader has it: its digits as one integer, divided by a power of
  /// ten, which may be one unit in the last place off. Ties between segmentations hang on it.
  private static func libraryValue(of number: Double) -> Double {
    let text = "\(number.magnitude)"
    guard number.isFinite, !text.contains("e"), let point = text.firstIndex(of: ".") else {
      return number
    }
    let fraction = text[text.index(after: point)...]
    guard let digits = UInt64(text[..<point] + fraction), fraction != "0" else { return number }
    var power = 1.0
    for _ in 0..<fraction.utf8.count { power *= 10 }
    let value = Double(digits) / power
    return number < 0 ? -value : value
  }
}
