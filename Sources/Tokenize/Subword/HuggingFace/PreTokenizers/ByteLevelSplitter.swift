/// `ByteLevel`: a space may be put before a text, words are cut by the pattern of GPT-2, and bytes
/// become scalars of `ByteAlphabet`, unless the model works on the bytes themselves.
struct ByteLevelSplitter: PreTokenizer {
  let addsSpace: Bool
  let usesPattern: Bool
  /// Whether the text gets the alphabet; false where a byte-level model follows.
  let writesAlphabet: Bool

  func apply(to document: inout Document, _ context: EncodingContext) {
    if addsSpace { addSpaces(&document, context) }
    if usesPattern {
      document.cut(.isolated, context) { text, matches in
        var i = 0
        while i < text.count {
          let end = WordPatterns.gpt2(at: i, in: text)
          matches.append(PatternMatch(start: i, end: end, isMatch: true))
          i = end
        }
      }
    }
    if writesAlphabet { write(&document, context) }
  }

  private func addSpaces(_ document: inout Document, _ context: EncodingContext) {
    let text = document.text.bytes
    guard document.splits.contains(where: { $0.id < 0 && text[Int($0.start)] != 0x20 }) else {
      return
    }
    document.rewrite(context) { text, split, output, splits in
      let range = Int(split.start)..<Int(split.end)
      let begin = output.bytes.count
      if text.bytes[range.lowerBound] != 0x20 {
        output.append(CollectionOfOne(0x20), as: text, range.lowerBound)
      }
      output.append(text, range)
      splits.append(Split(begin, output.bytes.count))
    }
  }

  private func write(_ document: inout Document, _ context: EncodingContext) {
    document.rewrite(context) { text, split, output, splits in
      let begin = output.bytes.count
      var i = Int(split.start)
      while i < Int(split.end) {
        let end = i + UTF8Step.length(text.bytes[i])
        for k in i..<end {
          output.append(
            ByteAlphabet.scalars[Int(text.bytes[k])], as: text, k == i ? i : end - 1)
        }
        i = end
      }
      splits.append(Split(begin, output.bytes.count))
    }
  }
}
