/// A scalar of a rewritten text and how it came about, in the terms of Hugging Face's
/// `NormalizedString.transform`.
struct ScalarChange {
  var scalar: UInt32
  /// 0: it replaces the next scalar of the old text; 1: it is added; -n: it replaces the next scalar,
  /// and n more after that go.
  var change: Int
}

extension AlignedText {
  /// Sets this text to what the changes make of `source`.
  mutating func transform(_ source: borrowing AlignedText, by changes: [ScalarChange]) {
    removeAll()
    var offset = 0
    for item in changes {
      append(item.scalar, as: source, item.change > 0 ? offset - 1 : offset)
      guard item.change <= 0 else { continue }
      for _ in 0...(-item.change) where offset < source.bytes.count {
        offset += UTF8Step.length(source.bytes[offset])
      }
    }
  }
}
