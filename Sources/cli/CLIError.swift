/// What can be wrong with a run of the command itself; the library has its own errors.
enum CLIError: Error, CustomStringConvertible {
  /// Options that exclude each other or have no meaning: what is wrong, and what to do.
  case usage(String)
  /// Data that parse but do not serve the command.
  case badData(String)
  /// The reader of stdout has gone.
  case outputClosed
  /// Writing to stdout failed with this `errno` text.
  case outputFailed(String)
  /// A prediction that is no number.
  case notFinite(record: Int)
  /// `--fail-under` was missed.
  case belowLimit(String)

  var description: String {
    switch self {
    case .usage(let message), .badData(let message), .belowLimit(let message): message
    case .notFinite(let record):
      "record \(record): the model gives numbers that are not finite (train it again)"
    case .outputClosed: "stdout was closed"
    case .outputFailed(let reason): "cannot write to stdout: \(reason)"
    }
  }

  var status: ExitStatus {
    switch self {
    case .usage: .usage
    case .badData: .badData
    case .notFinite: .internalError
    case .outputClosed: .outputClosed
    case .outputFailed: .inputOutput
    case .belowLimit: .negative
    }
  }
}
