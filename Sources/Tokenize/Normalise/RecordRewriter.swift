/// What tells one normalising stage from another: how it rewrites one record. All else (chunks,
/// record borders, offsets, the ASCII fast path) is `RewritingRunner`'s.
protocol RecordRewriter {
  /// What becomes of ASCII text, where that is known without asking ICU.
  var asciiRule: ASCIIRule { get }

  /// Whether records may be rewritten together with a line feed between any two: the rewriter keeps
  /// every line feed, makes no other, and text on one side of it never changes text on the other.
  var rewritesLinesAlone: Bool { get }

  /// Replaces the content of `output` by the rewritten record, with ranges within `record`.
  mutating func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer)
    throws
}

/// What a rewriter does to ASCII.
enum ASCIIRule {
  case unchanged
  /// Letters become lower case.
  case lowercased
  /// Nothing is known: the rewriter is asked.
  case rewritten
}
