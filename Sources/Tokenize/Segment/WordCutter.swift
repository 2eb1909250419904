/// Words (UAX #29). White space alone never is a token.
struct WordCutter: Cutter {
  private let wordsOnly: Bool
  private var finder = BreakFinder(.words)

  init(wordsOnly: Bool) {
    self.wordsOnly = wordsOnly
  }

  mutating func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) throws {
    let keepsAll = !wordsOnly
    let add = { (begin: Int, end: Int, isWord: Bool, tokens: inout TokenWriter) in
      if isWord
        || keepsAll && !WhiteSpace.fills(UnsafeBufferPointer(rebasing: record[begin..<end]))
      {
        tokens.append(base + begin, base + end)
      }
    }
    if ASCII.isASCII(record) {
      var i = 0
      while i < record.count {
        let (end, isWord) = ASCIIWords.segment(at: i, in: record)
        add(i, end, isWord, &tokens)
        i = end
      }
    } else {
      try finder.find(in: record) { add($0, $1, $2, &tokens) }
    }
  }
}

/// Sentences (UAX #29).
struct SentenceCutter: Cutter {
  private var finder = BreakFinder(.sentences)

  mutating func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) throws {
    try finder.find(in: record) { begin, end, _ in tokens.append(base + begin, base + end) }
  }
}
