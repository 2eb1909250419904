/// What becomes of a token that a vocabulary lacks.
public enum UnknownRule: String, Codable, Sendable, CaseIterable {
  /// The run fails and names the token.
  case error
  /// It becomes `<unk>`.
  case unknown
  /// It is left out.
  case skip
  /// Its fold (lower case, NFKD, marks dropped) is tried, then `<unk>`.
  case fold
}
