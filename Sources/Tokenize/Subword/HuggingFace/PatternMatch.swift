/// A part of a text: a match of a pattern, or what stands between two. Parts cover the whole text.
struct PatternMatch: Equatable {
  var start: Int
  var end: Int
  var isMatch: Bool

  /// The length of a text with `content` in the place of every match.
  static func length(_ parts: [PatternMatch], with content: [UInt8]) -> Int {
    parts.reduce(0) { $0 + ($1.isMatch ? content.count : $1.end - $1.start) }
  }
}

/// What a `Split` or `Replace` looks for.
enum TextPattern: Sendable {
  case literal([UInt8])
  case regex(RegexPattern)

  /// Appends the matches and what stands between them, in order.
  func find(
    in text: UnsafeBufferPointer<UInt8>, _ context: EncodingContext,
    into matches: inout [PatternMatch]
  ) throws {
    var last = 0
    let add = { (start: Int, end: Int) in
      if start > last { matches.append(PatternMatch(start: last, end: start, isMatch: false)) }
      matches.append(PatternMatch(start: start, end: end, isMatch: true))
      last = end
    }
    switch self {
    case .literal(let key): Self.find(key, in: text, add)
    case .regex(let regex): try context.matcher(for: regex).find(in: text, add)
    }
    if last < text.count {
      matches.append(PatternMatch(start: last, end: text.count, isMatch: false))
    }
  }

  private static func find(
    _ key: [UInt8], in text: UnsafeBufferPointer<UInt8>, _ body: (Int, Int) -> Void
  ) {
    guard let first = key.first else { return }
    key.withUnsafeBufferPointer { key in
      var i = 0
      while i + key.count <= text.count {
        if text[i] == first, (1..<key.count).allSatisfy({ text[i + $0] == key[$0] }) {
          body(i, i + key.count)
          i += key.count
        } else {
          i += 1
        }
      }
    }
  }
}
