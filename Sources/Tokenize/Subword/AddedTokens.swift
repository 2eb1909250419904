/// A token that is looked for in the text itself, before the model sees it.
struct AddedToken: Sendable {
  var id: Int32
  var content: [UInt8]
  /// It is not found within a word.
  var isSingleWord = false
  /// It takes in the white space before it, after it.
  var stripsLeft = false
  var stripsRight = false
  /// It is looked for in the normalised text, in its own normalised form.
  var isNormalized = false
  /// Decoding can leave it out.
  var isSpecial = false
  /// Whether it is looked for at all; SentencePiece's control tokens are not.
  var isSoughtInText = true
}

/// The added tokens of a tokenizer, ready to be found.
struct AddedTokens: Sendable {
  private let tokens: [AddedToken]
  private let original: TokenFinder?
  private let normalized: TokenFinder?
  private let places: [Int32: Int]
  private let specialTexts: Set<[UInt8]>

  /// - Parameter normalize: gives the normalised form of a token's text.
  init(_ tokens: [AddedToken], normalize: ([UInt8]) throws -> [UInt8]) rethrows {
    let tokens = tokens.filter { !$0.content.isEmpty }
    var places: [Int32: Int] = [:]
    for (place, token) in tokens.enumerated() { places[token.id] = place }
    self.tokens = tokens
    self.places = places
    specialTexts = Set(tokens.filter(\.isSpecial).map(\.content))
    let kept = tokens.indices.filter {
      places[tokens[$0].id] == $0 && tokens[$0].isSoughtInText
    }
    original = TokenFinder(
      kept.filter { !tokens[$0].isNormalized }.map { (tokens[$0].content, Int32($0)) })
    normalized = TokenFinder(
      try kept.filter { tokens[$0].isNormalized }.map {
        (try normalize(tokens[$0].content), Int32($0))
      })
  }

  var isEmpty: Bool { tokens.isEmpty }
  var hasOriginal: Bool { original != nil }
  var hasNormalized: Bool { normalized != nil }

  /// Whether a special token has this text, under whatever id.
  func isSpecial(_ text: [UInt8]) -> Bool { specialTexts.contains(text) }

  subscript(id: Int32) -> AddedToken? { places[id].map { tokens[$0] } }

  /// One more than the highest id.
  var idBound: Int { Int((tokens.map(\.id).max() ?? -1) + 1) }

  func id(of content: [UInt8]) -> Int32? { tokens.last { $0.content == content }?.id }

  /// Adds the splits of a text that is not normalised yet, or of one that is.
  func find(
    in text: UnsafeBufferPointer<UInt8>, isNormalized: Bool, into splits: inout [Split]
  ) {
    var last = 0
    if let finder = isNormalized ? normalized : original {
      var from = 0
      while let match = finder.next(in: text, from: from) {
        from = match.end
        let token = tokens[Int(match.value)]
        if token.isSingleWord, isWithinWord(match.start, match.end, text) { continue }
        let start = max(
          token.stripsLeft ? spacesStart(before: match.start, text) : match.start, last)
        let end = max(token.stripsRight ? spacesEnd(after: match.end, text) : match.end, start)
        if start > last { splits.append(Split(last, start)) }
        splits.append(Split(start, end, id: token.id))
        last = end
      }
    }
    if last < text.count { splits.append(Split(last, text.count)) }
  }

  private func isWithinWord(
    _ start: Int, _ end: Int, _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    if start > 0 {
      let before = UTF8Step.start(before: start, in: text)
      if ScalarClass.isWord(UTF8Step.scalar(at: before, in: text).value) { return true }
    }
    return end < text.count && ScalarClass.isWord(UTF8Step.scalar(at: end, in: text).value)
  }

  private func spacesStart(before end: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
    var start = end
    while start > 0 {
      let previous = UTF8Step.start(before: start, in: text)
      if WhiteSpace.length(at: previous, in: text) == 0 { break }
      start = previous
    }
    return start
  }

  private func spacesEnd(after start: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
    var end = start
    while end < text.count {
      let length = WhiteSpace.length(at: end, in: text)
      if length == 0 { break }
      end += length
    }
    return end
  }
}

/// Finds the leftmost of several strings in a text, the longest where they begin together.
private struct TokenFinder: Sendable {
  private let trie: ByteTrie
  /// Whether a string begins with each byte value.
  private let begins: [Bool]

  init?(_ entries: [(key: [UInt8], value: Int32)]) {
    let entries = entries.filter { !$0.key.isEmpty }
    guard !entries.isEmpty else { return nil }
    trie = ByteTrie(entries)
    var begins = [Bool](repeating: false, count: 256)
    for entry in entries { begins[Int(entry.key[0])] = true }
    self.begins = begins
  }

  func next(
    in text: UnsafeBufferPointer<UInt8>, from: Int
  ) -> (value: Int32, start: Int, end: Int)? {
    begins.withUnsafeBufferPointer { begins in
      for start in from..<max(text.count, from) where begins[Int(text[start])] {
        if let match = trie.longestPrefix(of: text, from: start) {
          return (match.value, start, match.end)
        }
      }
      return nil
    }
  }
}
