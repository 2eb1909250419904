/// How a run can end, in the numbers of `sysexits.h`.
enum ExitStatus: Int32 {
  case ok = 0
  /// A valid run with a negative answer: `--fail-under` was missed.
  case negative = 1
  /// A wrong option or a wrong combination of options.
  case usage = 64
  /// Malformed data, or a file that is no valid model.
  case badData = 65
  case noInput = 66
  /// A program or a library used as a stage failed.
  case pluginFailed = 69
  /// An internal error, or numbers that are no longer finite.
  case internalError = 70
  case cannotCreate = 73
  case inputOutput = 74
  /// Stopped by a signal after a checkpoint, or the checkpoint folder is in use.
  case tryAgain = 75
  /// The reader of stdout went away: what a shell shows for the end by SIGPIPE.
  case outputClosed = 141
}
