import FoundationEssentials

/// Reads the `normalizer` of a `tokenizer.json`.
enum HFNormalizerReader {
  static let known = [
    "Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents",
    "BertNormalizer", "Nmt", "Precompiled", "Replace", "Prepend", "ByteLevel",
  ]

  static func read(
    _ place: JSONPlace, _ patterns: inout PatternRegister
  ) throws -> (any TextNormalizer)? {
    if place.isNull { return nil }
    let type = try place["type"].text()
    switch type {
    case "Sequence":
      var steps: [any TextNormalizer] = []
      for step in try place["normalizers"].elements() {
        if let normalizer = try read(step, &patterns) { steps.append(normalizer) }
      }
      return NormalizerSequence(steps: steps)
    case "NFC": return UnicodeNormalizer(form: .nfc)
    case "NFD": return UnicodeNormalizer(form: .nfd)
    case "NFKC": return UnicodeNormalizer(form: .nfkc)
    case "NFKD": return UnicodeNormalizer(form: .nfkd)
    case "Lowercase": return LowercaseNormalizer()
    case "Strip":
      return StripNormalizer(
        left: try place["strip_left"].bool(), right: try place["strip_right"].bool())
    case "StripAccents": return StripAccentsNormalizer()
    case "Nmt": return NmtNormalizer()
    case "ByteLevel": return ByteLevelNormalizer()
    case "Prepend": return PrependNormalizer(prefix: try place["prepend"].bytes())
    case "BertNormalizer": return try bert(place)
    case "Precompiled": return try precompiled(place["precompiled_charsmap"])
    case "Replace":
      return ReplaceNormalizer(
        pattern: try patterns.read(place["pattern"]), content: try place["content"].bytes())
    default: throw place.unknownType(type, known: known)
    }
  }

  private static func bert(_ place: JSONPlace) throws -> BertNormalizer {
    let lowers = try place["lowercase"].bool()
    return BertNormalizer(
      cleansText: try place["clean_text"].bool(),
      separatesIdeographs: try place["handle_chinese_chars"].bool(),
      stripsAccents: try place["strip_accents"].bool(or: lowers), lowers: lowers)
  }

  private static func precompiled(_ place: JSONPlace) throws -> (any TextNormalizer)? {
    let text = try place.text()
    if text.isEmpty { return nil }
    guard let data = Data(base64Encoded: text) else { throw place.fault("is not base64") }
    do {
      return PrecompiledNormalizer(map: try CharacterMap(Array(data), resource: place.file))
    } catch TokenizeError.malformedResource(_, let offset, let reason) {
      throw place.fault("byte \(offset): \(reason)")
    }
  }
}
