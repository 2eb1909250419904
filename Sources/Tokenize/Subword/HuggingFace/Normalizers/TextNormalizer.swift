/// One step that rewrites a text before it is cut.
protocol TextNormalizer: Sendable {
  /// Rewrites `text` in place; `context.output` is scratch.
  func normalize(_ text: inout AlignedText, _ context: EncodingContext) throws
}

/// Steps one after the other.
struct NormalizerSequence: TextNormalizer {
  let steps: [any TextNormalizer]

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) throws {
    for step in steps {
      try step.normalize(&text, context)
      try context.check(growth: text.bytes.count)
    }
  }
}

/// A step that treats every scalar by itself: keeps it, drops it, or puts others in its place, which
/// stand for what it stood for.
protocol ScalarNormalizer: TextNormalizer {
  /// Whether ASCII text without control characters may be changed.
  var changesPlainASCII: Bool { get }

  /// Adds what becomes of the scalar at `range` of `source` to `output`.
  func rewrite(
    _ scalar: UInt32, _ range: Range<Int>, of source: borrowing AlignedText,
    into output: inout AlignedText)
}

extension ScalarNormalizer {
  func normalize(_ text: inout AlignedText, _ context: EncodingContext) {
    if !changesPlainASCII, text.isPlainASCII { return }
    context.output.removeAll()
    var i = 0
    while i < text.bytes.count {
      let (scalar, end) = text.bytes.withUnsafeBufferPointer { UTF8Step.scalar(at: i, in: $0) }
      rewrite(scalar, i..<end, of: text, into: &context.output)
      i = end
    }
    swap(&text, &context.output)
  }
}

extension AlignedText {
  /// Whether every byte is in 0x20...0x7E.
  fileprivate var isPlainASCII: Bool {
    bytes.withUnsafeBufferPointer { bytes in
      var isPlain = true
      for byte in bytes where byte &- 0x20 >= 0x5F { isPlain = false }
      return isPlain
    }
  }
}
