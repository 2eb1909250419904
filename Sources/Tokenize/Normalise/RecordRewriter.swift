/// What tells one normalising stage from another: how it rewrites one record. All else (chunks,
/// record borders, offsets, the ASCII fast path) is `RewritingRunner`'s.
protocol RecordRewriter {
  /// What becomes of a record of ASCII bytes, where that is known without asking ICU.
  var asciiRule: ASCIIRule { get }

  /// Replaces the content of `output` by the rewritten record, with ranges within `record`.
  mutating func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer)
    throws
}

/// What a rewriter does to ASCII.
enum ASCIIRule {
  case unchanged
  /// Every byte is replaced by its entry of 256.
  case mapped([UInt8])
  /// Bytes whose entry of 256 is false are dropped.
  case filtered([Bool])
  /// Nothing is known: the rewriter is asked.
  case rewritten
}
