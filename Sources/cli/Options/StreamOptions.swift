import ArgumentParser
import Pipeline

/// How records come in and go out: shared by every command that filters a stream.
struct StreamOptions: ParsableArguments {
  @Argument(help: "Files to read, in order; none or - is stdin.", completion: .file())
  var files: [String] = []

  @Flag(
    name: [.customShort("z"), .customLong("null")],
    help: "Records end with NUL instead of a newline, in and out.")
  var nullDelimited = false

  @Flag(name: .customLong("keep-cr"), help: "Keep the CR of CRLF as part of the record.")
  var keepCR = false

  @Option(help: "Malformed UTF-8: replace it by U+FFFD, stop with an error, or skip the record.")
  var invalid: RecordOptions.InvalidPolicy = .replace

  @Option(help: ArgumentHelp("The longest record accepted.", valueName: "size"))
  var maxRecord = ByteSize(bytes: 16 << 20)

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Threads; 0 is one per core. Never changes a byte of the output.", valueName: "n"))
  var threads = 0

  @Flag(help: "Write each line as soon as it is known, as on a terminal.")
  var lineBuffered = false

  @Option(
    help: ArgumentHelp(
      "Write what is known when the input pauses this long, such as 50ms.", valueName: "time"))
  var maxLatency: TimeSpan?

  @Flag(name: [.customShort("q"), .long], help: "No hints, warnings or summaries on stderr.")
  var quiet = false

  func validate() throws {
    guard threads >= 0 else {
      throw ValidationError("--threads \(threads) has no meaning (use 0 for all cores, or more)")
    }
    guard maxRecord.bytes > 0 else {
      throw ValidationError("--max-record 0 accepts no record (use a size such as 16M)")
    }
  }
}
