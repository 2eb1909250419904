/// The scratch memory and the opened objects of ICU that one encoder's steps share.
final class EncodingContext {
  /// What a rewriting step writes; it is swapped with its input.
  var output: AlignedText
  /// The splits that a cutting step writes; they are swapped with its input.
  var splits: [Split] = []
  var matches: [PatternMatch] = []
  var changes: [ScalarChange] = []
  var record: RecordBuffer
  var graphemes = BreakFinder(.graphemes)
  private var regexes: [RegexMatcher?] = []

  init(tracksOffsets: Bool) {
    output = AlignedText(tracksOffsets: tracksOffsets)
    record = RecordBuffer(tracksOffsets: false)
  }

  /// The opened form of a pattern.
  func matcher(for regex: RegexPattern) throws -> RegexMatcher {
    if regex.index < regexes.count, let matcher = regexes[regex.index] { return matcher }
    let matcher = try RegexMatcher(regex.source)
    while regexes.count <= regex.index { regexes.append(nil) }
    regexes[regex.index] = matcher
    return matcher
  }
}
