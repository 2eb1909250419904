import Pipeline

/// Reads a `tokenizer.json`, the file of Hugging Face's `tokenizers`, version "1.0".
struct HFTokenizerReader {
  /// The largest file that is read.
  private static let maximumSize = 1 << 28
  private let root: JSONPlace

  init(_ bytes: [UInt8], file: String) throws {
    do {
      let value = try JSONParser.parse(bytes, maximumSize: Self.maximumSize)
      root = JSONPlace(value: value, path: "", file: file)
    } catch PipelineError.malformedJSON(let offset, let problem) {
      throw TokenizeError.malformedTokenizer(
        file: file, path: "byte \(offset)", problem: problem)
    }
  }

  func tokenizer() throws -> SubwordTokenizer {
    _ = try root.members()
    let version = root["version"]
    if !version.isNull, version.value.stringValue != "1.0" {
      throw version.fault("only version \"1.0\" is known")
    }
    var patterns = PatternRegister()
    let normalizer = try HFNormalizerReader.read(root["normalizer"], &patterns)
    let isByteLevel = Self.isByteLevel(root)
    let preTokenizer = try HFPreTokenizerReader.read(
      root["pre_tokenizer"], isByteLevel: isByteLevel, &patterns)
    let model = try HFModelReader.read(root["model"], isByteLevel: isByteLevel)
    return SubwordTokenizer(
      added: try addedTokens(normalizer), normalizer: normalizer, preTokenizer: preTokenizer,
      model: model, postProcessors: try HFPostProcessorReader.read(root["post_processor"]),
      decoders: try HFDecoderReader.read(root["decoder"], &patterns),
      truncation: try HFPostProcessorReader.truncation(root["truncation"]),
      padding: try HFPostProcessorReader.padding(root["padding"]),
      needsOffsets: normalizer != nil && HFPreTokenizerReader.asksForStart(root["pre_tokenizer"]))
  }

  /// Whether the text that the model sees is bytes written in `ByteAlphabet`, by the last step before
  /// it: then the model can work on the bytes themselves.
  private static func isByteLevel(_ root: JSONPlace) -> Bool {
    let model = root["model"]
    guard let last = HFPreTokenizerReader.steps(root["pre_tokenizer"]).last,
      last["type"].value.stringValue == "ByteLevel", !model["merges"].isNull,
      model["byte_fallback"].value != true
    else { return false }
    return ["continuing_subword_prefix", "end_of_word_suffix"].allSatisfy {
      model[$0].isNull || model[$0].value == ""
    }
  }

  private func addedTokens(_ normalizer: (any TextNormalizer)?) throws -> AddedTokens {
    let place = root["added_tokens"]
    let tokens =
      try place.isNull
      ? []
      : place.elements().map { token in
        AddedToken(
          id: try token["id"].id(), content: try token["content"].bytes(),
          isSingleWord: try token["single_word"].bool(or: false),
          stripsLeft: try token["lstrip"].bool(or: false),
          stripsRight: try token["rstrip"].bool(or: false),
          isNormalized: try token["normalized"].bool(or: false),
          isSpecial: try token["special"].bool(or: false))
      }
    let context = EncodingContext(tracksOffsets: false)
    return try AddedTokens(tokens) { content in
      guard let normalizer else { return content }
      var text = AlignedText(tracksOffsets: false)
      text.bytes = content
      context.longestText = EncodingContext.longestText(for: content.count)
      try normalizer.normalize(&text, context)
      return text.bytes
    }
  }
}

/// Numbers the regular expressions of one tokenizer.
struct PatternRegister {
  private var count = 0

  /// `{"String": "..."}` or `{"Regex": "..."}`.
  mutating func read(_ place: JSONPlace) throws -> TextPattern {
    if !place["String"].isNull { return .literal(try place["String"].bytes()) }
    guard !place["Regex"].isNull else { throw place.fault("must have \"String\" or \"Regex\"") }
    let source = try place["Regex"].text()
    // It is compiled once here, so that a bad one is refused where it stands.
    do {
      _ = try RegexMatcher(source)
    } catch TokenizeError.invalidPattern(_, let offset) {
      throw place["Regex"].fault("ICU does not understand it from character \(offset) on")
    }
    defer { count += 1 }
    return .regex(RegexPattern(source: source, index: count))
  }
}
