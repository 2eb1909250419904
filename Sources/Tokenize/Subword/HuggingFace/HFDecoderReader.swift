import Pipeline

/// Reads the `decoder` of a `tokenizer.json`.
enum HFDecoderReader {
  static let known = [
    "ByteLevel", "WordPiece", "Metaspace", "BPEDecoder", "ByteFallback", "Fuse", "Strip", "Replace",
    "Sequence",
  ]

  static func read(
    _ place: JSONPlace, _ patterns: inout PatternRegister
  ) throws -> [TokenDecoder]? {
    if place.isNull { return nil }
    let type = try place["type"].text()
    switch type {
    case "Sequence":
      return try place["decoders"].elements().flatMap { try read($0, &patterns) ?? [] }
    case "ByteLevel": return [.byteLevel]
    case "WordPiece":
      return [
        .wordPiece(prefix: try place["prefix"].bytes(), cleansUp: try place["cleanup"].bool())
      ]
    case "Metaspace":
      let scheme = place["prepend_scheme"].value.stringValue ?? "always"
      let dropsFirst = try scheme != "never" && place["add_prefix_space"].bool(or: true)
      return [
        .metaspace(replacement: try place["replacement"].bytes(), dropsFirst: dropsFirst)
      ]
    case "BPEDecoder": return [.bpe(suffix: try place["suffix"].bytes(or: "</w>"))]
    case "ByteFallback": return [.byteFallback]
    case "Fuse": return [.fuse]
    case "Strip":
      return [
        .strip(
          content: try place["content"].bytes(), start: try place["start"].number(),
          stop: try place["stop"].number())
      ]
    case "Replace":
      return [
        .replace(try patterns.read(place["pattern"]), content: try place["content"].bytes())
      ]
    case "CTC": throw place["type"].fault("\"CTC\" decodes speech, not text: it is not supported")
    default: throw place.unknownType(type, known: known)
    }
  }
}
