/// One step that cuts a text into words before the model sees it.
protocol PreTokenizer: Sendable {
  func apply(to document: inout Document, _ context: EncodingContext) throws
}

/// Steps one after the other.
struct PreTokenizerSequence: PreTokenizer {
  let steps: [any PreTokenizer]

  func apply(to document: inout Document, _ context: EncodingContext) throws {
    for step in steps {
      try step.apply(to: &document, context)
      try context.check(growth: document.text.bytes.count)
    }
  }
}

/// Cuts at scalars of a class.
struct ScalarSplitter: PreTokenizer {
  let behavior: SplitBehavior
  let isDelimiter: @Sendable (UInt32) -> Bool

  func apply(to document: inout Document, _ context: EncodingContext) {
    document.cut(behavior, context) { text, matches in
      var last = 0
      var i = 0
      while i < text.count {
        let (scalar, end) = UTF8Step.scalar(at: i, in: text)
        if isDelimiter(scalar) {
          if last < i { matches.append(PatternMatch(start: last, end: i, isMatch: false)) }
          matches.append(PatternMatch(start: i, end: end, isMatch: true))
          last = end
        }
        i = end
      }
      if last < text.count {
        matches.append(PatternMatch(start: last, end: text.count, isMatch: false))
      }
    }
  }
}

/// `Split`: cuts at the matches of a pattern, or at what stands between them.
struct PatternSplitter: PreTokenizer {
  let pattern: TextPattern
  let behavior: SplitBehavior
  let isInverted: Bool

  func apply(to document: inout Document, _ context: EncodingContext) throws {
    try document.cut(behavior, context) { text, matches in
      try pattern.find(in: text, context, into: &matches)
      guard isInverted else { return }
      for i in matches.indices { matches[i].isMatch.toggle() }
    }
  }
}

/// `Whitespace`: keeps runs of \w and runs of what is neither \w nor white space.
struct WordSplitter: PreTokenizer {
  func apply(to document: inout Document, _ context: EncodingContext) {
    document.cut(.isolated, context) { text, matches in
      var start = 0
      var kind = 0
      var i = 0
      while i < text.count {
        let (scalar, end) = UTF8Step.scalar(at: i, in: text)
        let next = ScalarClass.isWord(scalar) ? 1 : ScalarClass.isSpace(scalar) ? 0 : 2
        if next != kind {
          if kind != 0 { matches.append(PatternMatch(start: start, end: i, isMatch: true)) }
          start = i
          kind = next
        }
        i = end
      }
      if kind != 0 { matches.append(PatternMatch(start: start, end: i, isMatch: true)) }
    }
  }
}

/// `FixedLength`: cuts after every `length` scalars.
struct LengthSplitter: PreTokenizer {
  let length: Int

  func apply(to document: inout Document, _ context: EncodingContext) {
    document.cut(.isolated, context) { text, matches in
      var start = 0
      var count = 0
      var i = 0
      while i < text.count {
        i += UTF8Step.length(text[i])
        count += 1
        guard count == length || i == text.count else { continue }
        matches.append(PatternMatch(start: start, end: i, isMatch: true))
        start = i
        count = 0
      }
    }
  }
}
