/// A record under tokenisation: its normalised text and the splits that cover it, less what was
/// removed.
struct Document {
  var text: AlignedText
  var splits: [Split] = []

  init(tracksOffsets: Bool) {
    text = AlignedText(tracksOffsets: tracksOffsets)
  }

  mutating func removeAll() {
    text.removeAll()
    splits.removeAll(keepingCapacity: true)
  }

  /// Cuts every split that is not yet a token. `find` appends the parts of a split, which is given as
  /// a text of its own.
  @inline(__always)
  mutating func cut(
    _ behavior: SplitBehavior, _ context: EncodingContext,
    _ find: (UnsafeBufferPointer<UInt8>, inout [PatternMatch]) throws -> Void
  ) rethrows {
    var result = context.splits
    var matches = context.matches
    context.splits = []
    context.matches = []
    result.removeAll(keepingCapacity: true)
    try text.bytes.withUnsafeBufferPointer { bytes in
      for split in splits {
        guard split.id < 0 else {
          result.append(split)
          continue
        }
        let start = Int(split.start)
        matches.removeAll(keepingCapacity: true)
        try find(UnsafeBufferPointer(rebasing: bytes[start..<Int(split.end)]), &matches)
        behavior.apply(matches, from: start, into: &result)
      }
    }
    swap(&splits, &result)
    context.splits = result
    context.matches = matches
  }

  /// Rewrites the text split by split. `rewrite` appends the new text of a split to the output and
  /// its splits, given where they begin, to the list.
  mutating func rewrite(
    _ context: EncodingContext,
    _ rewrite: (AlignedText, Split, inout AlignedText, inout [Split]) -> Void
  ) {
    var result = context.splits
    context.splits = []
    result.removeAll(keepingCapacity: true)
    context.output.removeAll()
    for split in splits {
      if split.id < 0 {
        rewrite(text, split, &context.output, &result)
        continue
      }
      let start = context.output.bytes.count
      context.output.append(text, Int(split.start)..<Int(split.end))
      result.append(Split(start, context.output.bytes.count, id: split.id))
    }
    swap(&splits, &result)
    swap(&text, &context.output)
    context.splits = result
  }
}
