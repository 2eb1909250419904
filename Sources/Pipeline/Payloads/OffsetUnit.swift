/// What offsets into a record are counted in.
public enum OffsetUnit: String, Sendable, Hashable, CaseIterable {
  /// Bytes of UTF-8.
  case byte
  /// Unicode scalars: the indices of Python's strings.
  case scalar
  /// UTF-16 code units: the indices of JavaScript's, Java's and C#'s strings.
  case utf16
}
