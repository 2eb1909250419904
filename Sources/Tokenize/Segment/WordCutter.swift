/// Words (UAX #29). White space alone never is a token.
struct WordCutter: Cutter {
  private let wordsOnly: Bool
  private let rules: WordRules
  private let ascii: ASCIIWords
  private let words = UnicodeWords()
  private var finder: BreakFinder
  private var dictionaryWords = SegmentCache()

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
      guard keepsAll else {
        return ascii.forEachWord(in: record) { tokens.append(base + $0, base + $1) }
      }
      return ascii.forEach(in: record) { add($0, $1, $2, &tokens) }
    }
    guard rules == .uax29 else {
      return try finder.find(in: record) { add($0, $1, $2, &tokens) }
    }
    var i = 0
    while i < record.count {
      if let segment = words.segment(at: i, in: record) {
        add(i, segment.end, segment.isWord, &tokens)
        i = segment.end
        continue
      }
      let end = words.endOfDictionaryText(from: i, in: record)
      let stretch = UnsafeBufferPointer(rebasing: record[i..<end])
      try dictionaryWords.find(in: stretch, by: &finder) { add(i + $0, i + $1, $2, &tokens) }
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
