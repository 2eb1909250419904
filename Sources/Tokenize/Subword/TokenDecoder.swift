/// One step from tokens back to text: it takes the texts of the tokens and gives texts that are
/// joined without anything between them.
enum TokenDecoder: Sendable {
  case byteLevel
  case wordPiece(prefix: [UInt8], cleansUp: Bool)
  /// `dropsFirst`: the replacement at the start of the text was put there by the tokenizer.
  case metaspace(replacement: [UInt8], dropsFirst: Bool)
  case bpe(suffix: [UInt8])
  case byteFallback
  case fuse
  /// Drops up to `start` and `stop` scalars at the ends of each token that are `content`.
  case strip(content: [UInt8], start: Int, stop: Int)
  case replace(TextPattern, content: [UInt8])

  func apply(to tokens: [[UInt8]], _ context: EncodingContext) throws -> [[UInt8]] {
    switch self {
    case .byteLevel: return [tokens.flatMap { ByteAlphabet.decode($0) ?? $0 }]
    case .wordPiece(let prefix, let cleansUp):
      return tokens.enumerated().map { i, token in
        var text = token
        if i > 0 {
          text = token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [0x20] + token
        }
        return cleansUp ? Self.cleanUp(text) : text
      }
    case .metaspace(let replacement, let dropsFirst):
      return tokens.enumerated().map { i, token in
        Self.replace(replacement, in: token, by: i == 0 && dropsFirst ? [] : [0x20])
      }
    case .bpe(let suffix):
      return tokens.enumerated().map { i, token in
        Self.replace(suffix, in: token, by: i == tokens.count - 1 ? [] : [0x20])
      }
    case .byteFallback: return Self.joinBytes(tokens)
    case .fuse: return [Array(tokens.joined())]
    case .strip(let content, let start, let stop):
      return tokens.map { Self.strip($0, content, start, stop) }
    case .replace(let pattern, let content):
      var length = 0
      return try tokens.map { try Self.replace(pattern, in: $0, by: content, &length, context) }
    }
  }

  /// Undoes the spaces that a word-based tokenizer puts around English punctuation.
  private static func cleanUp(_ text: [UInt8]) -> [UInt8] {
    let rules: [(String, String)] = [
      (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
      (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]
    return rules.reduce(text) { replace(Array($1.0.utf8), in: $0, by: Array($1.1.utf8)) }
  }

  private static func replace(_ key: [UInt8], in text: [UInt8], by content: [UInt8]) -> [UInt8] {
    guard !key.isEmpty, text.count >= key.count else { return text }
    var result: [UInt8] = []
    var i = 0
    while i < text.count {
      if text[i...].starts(with: key) {
        result += content
        i += key.count
      } else {
        result.append(text[i])
        i += 1
      }
    }
    return result
  }

  private static func replace(
    _ pattern: TextPattern, in text: [UInt8], by content: [UInt8], _ length: inout Int,
    _ context: EncodingContext
  ) throws -> [UInt8] {
    var matches: [PatternMatch] = []
    try text.withUnsafeBufferPointer { try pattern.find(in: $0, context, into: &matches) }
    length += PatternMatch.length(matches, with: content)
    try context.check(growth: length)
    return matches.flatMap { $0.isMatch ? content : Array(text[$0.start..<$0.end]) }
  }

  /// Runs of byte tokens become their text, or U+FFFD for each where they are not UTF-8.
  private static func joinBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var run: [UInt8] = []
    let flush = {
      if run.isEmpty { return }
      if run.withUnsafeBufferPointer(UTF8Check.isWellFormed) {
        result.append(run)
      } else {
        result += run.map { _ in [0xEF, 0xBF, 0xBD] }
      }
      run = []
    }
    for token in tokens {
      if let byte = ByteFallback.byte(of: token) {
        run.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }

  private static func strip(
    _ token: [UInt8], _ content: [UInt8], _ start: Int, _ stop: Int
  ) -> [UInt8] {
    guard !content.isEmpty else { return token }
    var rest = token[...]
    var cut = 0
    while cut < start, rest.starts(with: content) {
      rest = rest.dropFirst(content.count)
      cut += 1
    }
    cut = 0
    while cut < stop, rest.count >= content.count, rest.suffix(content.count).elementsEqual(content)
    {
      rest = rest.dropLast(content.count)
      cut += 1
    }
    return Array(rest)
  }
}
