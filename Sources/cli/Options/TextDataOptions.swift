import ArgumentParser
import Pipeline

/// Texts on the command line, read whole: shared by what trains on them.
struct TextDataOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Text files, read in order; none or - is stdin.", valueName: "file"),
    completion: .file())
  var data: [String] = []

  @Flag(name: .customLong("keep-cr"), help: "Keep the CR of CRLF as part of the text.")
  var keepCR = false

  @Option(help: "Malformed UTF-8: replace it by U+FFFD, stop with an error, or skip the record.")
  var invalid: RecordOptions.InvalidPolicy = .replace

  @Option(help: ArgumentHelp("The longest line accepted.", valueName: "size"))
  var maxRecord = ByteSize(bytes: 16 << 20)

  var recordOptions: RecordOptions {
    var options = RecordOptions()
    options.keepsCarriageReturn = keepCR
    options.invalid = invalid
    options.maximumRecord = maxRecord.bytes
    return options
  }
}
