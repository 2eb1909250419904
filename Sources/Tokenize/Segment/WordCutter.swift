/// Words (UAX #29). White space alone never is a token.
struct WordCutter: Cutter {
  private let wordsOnly: Bool
  private let rules: WordRules
  private let ascii: ASCIIWords
  private var words = UnicodeWords()
  private var finder: BreakFinder

  init(wordsOnly: Bool, rules: WordRules) {
    self.wordsOnly = wordsOnly
    self.rules = rules
    ascii = ASCIIWords(rules)
    finder = BreakFinder(rules == .uax29 ? .unicodeWords : .words)
  }

  mutating func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) throws {
    let keepsAll = !wordsOnly
    let add = { (begin: Int, end: Int, isWord: Bool, tokens: inout TokenWriter) in
      // To ICU several narrow no-break spaces are a word, as several low lines are.
      if isWord || keepsAll,
        !WhiteSpace.fills(UnsafeBufferPointer(rebasing: record[begin..<end]))
      {
        tokens.append(base + begin, base + end)
      }
    }
    if ASCII.isASCII(record) {
      ascii.forEach(in: record) { add($0, $1, $2, &tokens) }
      return
    }
    var i = 0
    while i < record.count {
      if rules == .uax29, let segment = words.segment(at: i, in: record) {
        add(i, segment.end, segment.isWord, &tokens)
        i = segment.end
        continue
      }
      let end = rules == .uax29 ? words.endOfDictionaryText(from: i, in: record) : record.count
      let stretch = UnsafeBufferPointer(rebasing: record[i..<end])
      try finder.find(in: stretch) { add(i + $0, i + $1, $2, &tokens) }
      i = end
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
