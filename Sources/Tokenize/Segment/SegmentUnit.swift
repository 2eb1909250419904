/// What a record is cut into.
public enum SegmentUnit: String, Codable, Sendable, CaseIterable {
  /// User-perceived characters: extended grapheme clusters (UAX #29).
  case grapheme
  /// Unicode scalars.
  case scalar
  /// Bytes; the tokens alone need not be well-formed UTF-8.
  case byte
  /// Words (UAX #29, with ICU's dictionaries for Chinese, Japanese, Khmer, Lao, Burmese and Thai).
  case word
  /// What stands between white space (Unicode's White_Space property).
  case whitespace
  /// Sentences (UAX #29), each with the white space that follows it.
  case sentence
}
