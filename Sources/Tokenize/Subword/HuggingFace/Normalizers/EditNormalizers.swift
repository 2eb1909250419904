/// `Strip`: drops white space at the ends.
struct StripNormalizer: TextNormalizer {
  let left: Bool
  let right: Bool

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) {
    let range = text.bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      var end = bytes.count
      while left, start < end {
        let length = WhiteSpace.length(at: start, in: bytes)
        if length == 0 { break }
        start += length
      }
      while right, end > start {
        let begin = UTF8Step.start(before: end, in: bytes)
        if WhiteSpace.length(at: begin, in: bytes) == 0 { break }
        end = begin
      }
      return start..<end
    }
    if range.count < text.bytes.count { text.keep(range) }
  }
}

/// `Prepend`: puts a text before every text that is not empty.
struct PrependNormalizer: TextNormalizer {
  let prefix: [UInt8]

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) {
    guard !text.bytes.isEmpty else { return }
    context.output.removeAll()
    context.output.append(prefix, as: text, 0)
    context.output.append(text, 0..<text.bytes.count)
    swap(&text, &context.output)
  }
}

/// `Replace`: puts a text in the place of every match of a pattern.
struct ReplaceNormalizer: TextNormalizer {
  let pattern: TextPattern
  let content: [UInt8]

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) throws {
    context.matches.removeAll(keepingCapacity: true)
    try text.bytes.withUnsafeBufferPointer { bytes in
      try pattern.find(in: bytes, context, into: &context.matches)
    }
    guard context.matches.contains(where: \.isMatch) else { return }
    try context.check(growth: PatternMatch.length(context.matches, with: content))
    context.output.removeAll()
    for match in context.matches {
      if match.isMatch {
        context.output.append(content, as: text, match.end - 1)
      } else {
        context.output.append(text, match.start..<match.end)
      }
    }
    swap(&text, &context.output)
  }
}
