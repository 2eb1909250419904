/// Some tokens in a row that belong together.
public struct Span: Sendable, Hashable {
  public let type: String
  /// Positions in the sentence.
  public let range: Range<Int>

  /// The spans that a sentence's tags mark, in order.
  public static func all(in tags: some Sequence<SpanTag>) -> [Span] {
    var spans: [Span] = []
    var (previous, start, count) = (SpanTag.outside, 0, 0)
    func close(before next: SpanTag, at end: Int) {
      if previous.endsSpan(before: next) {
        spans.append(Span(type: previous.type, range: start..<end))
      }
    }
    for tag in tags {
      close(before: tag, at: count)
      if tag.beginsSpan(after: previous) { start = count }
      previous = tag
      count += 1
    }
    close(before: .outside, at: count)
    return spans
  }
}
