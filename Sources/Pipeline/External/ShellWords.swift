/// Splits a command into words by the quoting rules of the POSIX shell, and does nothing else that
/// a shell does: `$`, `*`, `|`, `;` and `` ` `` are plain characters.
public enum ShellWords {
  /// The words of `text`: divided by blanks; `'...'` and `"..."` keep what is in them, `\` keeps the
  /// next character (within `"` only before `"`, `\`, `$` and `` ` ``).
  /// - Throws: `PipelineError.malformedValue` where a quote or an escape is not finished.
  public static func split(_ text: String) throws -> [String] {
    var words: [String] = []
    var word: String.UnicodeScalarView?
    var quote: Unicode.Scalar?
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      switch (scalar, quote) {
      case ("\\", nil), ("\\", "\""):
        guard let next = scalars.next() else { throw unfinished("a backslash", text) }
        if quote != nil, !["\"", "\\", "$", "`"].contains(next) { word?.append("\\") }
        word = (word ?? .init()) + [next]
      case (let end, let open?) where end == open:
        quote = nil
      case ("'", nil), ("\"", nil):
        quote = scalar
        word = word ?? .init()
      case (" ", nil), ("\t", nil), ("\n", nil):
        if let finished = word { words.append(String(finished)) }
        word = nil
      default:
        word = (word ?? .init()) + [scalar]
      }
    }
    if let quote { throw unfinished("a quote (\(quote))", text) }
    if let finished = word { words.append(String(finished)) }
    return words
  }

  private static func unfinished(_ what: String, _ text: String) -> PipelineError {
    .malformedValue("\(Escaping.printable(text)): \(what) is not closed")
  }
}
