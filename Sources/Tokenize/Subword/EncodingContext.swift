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
  /// The most bytes that the text of a record may become.
  var longestText = Int.max
  private var regexes: [RegexMatcher?] = []

  init(tracksOffsets: Bool) {
    output = AlignedText(tracksOffsets: tracksOffsets)
    record = RecordBuffer(tracksOffsets: false)
  }

  /// What a text of so many bytes may become. No known tokenizer comes near it, but a few steps of a
  /// hostile one, each of which doubles the text, would pass every memory.
  static func longestText(for length: Int) -> Int {
    let (most, overflow) = length.multipliedReportingOverflow(by: 32)
    return overflow ? .max : max(most, 64 << 10)
  }

  /// - Throws: `TokenizeError.textTooLong` where a text grows past the limit.
  func check(growth count: Int) throws {
    guard count <= longestText else { throw TokenizeError.textTooLong(limit: longestText) }
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
