/// What kind of thing went wrong, without saying which exit code a command gives for it.
public enum ErrorCategory: Sendable, Hashable, CaseIterable {
  /// The request makes no sense: an unknown option, stage or value.
  case usage
  /// The data or the model file is malformed.
  case badData
  /// An input does not exist or cannot be opened.
  case noInput
  /// A plugin failed.
  case plugin
  /// A broken invariant of the program, or numbers that are not finite.
  case software
  /// An output file cannot be created.
  case cannotCreate
  /// Reading or writing failed.
  case io
  /// Somebody else is at it: try again later.
  case temporary
  /// The reader of the output went away (`| head -1`): stop, and say nothing.
  case outputClosed
}
