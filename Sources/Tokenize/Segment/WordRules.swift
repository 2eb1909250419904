/// Whose rules say where a word ends.
public enum WordRules: String, Codable, Sendable, CaseIterable {
  /// UAX #29 as Unicode publishes it.
  case uax29
  /// UAX #29 as CLDR changes it, which is ICU's default: a colon ends a word, an at sign is a letter.
  /// What exactly differs depends on the version of ICU.
  case cldr
}
