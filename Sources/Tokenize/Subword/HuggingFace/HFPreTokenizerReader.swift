import Pipeline

/// Reads the `pre_tokenizer` of a `tokenizer.json`.
enum HFPreTokenizerReader {
  static let known = [
    "Sequence", "BertPreTokenizer", "ByteLevel", "CharDelimiterSplit", "Metaspace", "Whitespace",
    "WhitespaceSplit", "Split", "Punctuation", "Digits", "UnicodeScripts", "FixedLength",
  ]

  /// The steps of a sequence, however it is nested; one for anything else.
  static func steps(_ place: JSONPlace) -> [JSONPlace] {
    if place.isNull { return [] }
    guard place["type"].value.stringValue == "Sequence",
      let steps = try? place["pretokenizers"].elements()
    else { return [place] }
    return steps.flatMap(steps(_:))
  }

  /// Whether a step treats the text at the start of a record as a case of its own.
  static func asksForStart(_ place: JSONPlace) -> Bool {
    steps(place).contains { $0["prepend_scheme"].value.stringValue == "first" }
  }

  static func read(
    _ place: JSONPlace, isByteLevel: Bool, _ patterns: inout PatternRegister
  ) throws -> (any PreTokenizer)? {
    if place.isNull { return nil }
    let steps = steps(place)
    if place["type"].value.stringValue == "Sequence" {
      _ = try place["pretokenizers"].elements()
    }
    var result: [any PreTokenizer] = []
    for (i, step) in steps.enumerated() {
      let isLast = i == steps.count - 1
      result += try read(step, writesAlphabet: !(isLast && isByteLevel), &patterns)
    }
    return result.count == 1 ? result[0] : PreTokenizerSequence(steps: result)
  }

  private static func read(
    _ place: JSONPlace, writesAlphabet: Bool, _ patterns: inout PatternRegister
  ) throws -> [any PreTokenizer] {
    let type = try place["type"].text()
    switch type {
    case "BertPreTokenizer":
      return [
        ScalarSplitter(behavior: .removed, isDelimiter: ScalarClass.isSpace),
        ScalarSplitter(behavior: .isolated, isDelimiter: ScalarClass.isPunctuation),
      ]
    case "ByteLevel":
      return [
        ByteLevelSplitter(
          addsSpace: try place["add_prefix_space"].bool(),
          usesPattern: try place["use_regex"].bool(or: true), writesAlphabet: writesAlphabet)
      ]
    case "CharDelimiterSplit":
      let delimiter = try scalar(place["delimiter"])
      return [ScalarSplitter(behavior: .removed) { $0 == delimiter }]
    case "Metaspace": return [try metaspace(place)]
    case "Whitespace": return [WordSplitter()]
    case "WhitespaceSplit":
      return [ScalarSplitter(behavior: .removed, isDelimiter: ScalarClass.isSpace)]
    case "Split": return [try split(place, &patterns)]
    case "Punctuation":
      let behavior =
        place["behavior"].isNull ? .isolated : try place["behavior"].choice(SplitBehavior.self)
      return [ScalarSplitter(behavior: behavior, isDelimiter: ScalarClass.isPunctuation)]
    case "Digits":
      let isEach = try place["individual_digits"].bool()
      return [
        ScalarSplitter(
          behavior: isEach ? .isolated : .contiguous, isDelimiter: ScalarClass.isNumber)
      ]
    case "UnicodeScripts": return [ScriptSplitter()]
    case "FixedLength":
      let length = place["length"].isNull ? 5 : try place["length"].number()
      guard length > 0 else { throw place["length"].fault("must be at least 1") }
      return [LengthSplitter(length: length)]
    default: throw place.unknownType(type, known: known)
    }
  }

  private static func scalar(_ place: JSONPlace) throws -> UInt32 {
    let scalars = Array(try place.text().unicodeScalars)
    guard scalars.count == 1 else { throw place.fault("must be one character") }
    return scalars[0].value
  }

  private static func metaspace(_ place: JSONPlace) throws -> MetaspaceSplitter {
    _ = try scalar(place["replacement"])
    var scheme = MetaspaceSplitter.PrependScheme.always
    if !place["prepend_scheme"].isNull {
      scheme = try place["prepend_scheme"].choice(MetaspaceSplitter.PrependScheme.self)
    }
    if try !place["add_prefix_space"].bool(or: true) { scheme = .never }
    return MetaspaceSplitter(
      replacement: try place["replacement"].bytes(), scheme: scheme,
      splits: try place["split"].bool(or: true))
  }

  private static func split(
    _ place: JSONPlace, _ patterns: inout PatternRegister
  ) throws -> any PreTokenizer {
    let behavior = try place["behavior"].choice(SplitBehavior.self)
    let isInverted = try place["invert"].bool(or: false)
    if behavior == .isolated || behavior == .removed && isInverted,
      let source = place["pattern"]["Regex"].value.stringValue
    {
      if source == WordPatterns.gpt2Source {
        return ByteLevelSplitter(addsSpace: false, usesPattern: true, writesAlphabet: false)
      }
      if let digits = WordPatterns.cl100kDigits(source) { return CL100KSplitter(digits: digits) }
    }
    return PatternSplitter(
      pattern: try patterns.read(place["pattern"]), behavior: behavior, isInverted: isInverted)
  }
}
