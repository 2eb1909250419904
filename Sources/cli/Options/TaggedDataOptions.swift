import ArgumentParser
import Pipeline

/// Tagged sentences on the command line.
struct TaggedDataOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Tagged sentences: one token a line with its tag in the last column, an empty line between "
        + "sentences (CoNLL); - is stdin.", valueName: "data"),
    completion: .file())
  var data: [String]

  @OptionGroup
  var columns: ColumnOptions

  @Option(help: "Malformed UTF-8: replace it by U+FFFD, stop with an error, or skip the line.")
  var invalid: RecordOptions.InvalidPolicy = .replace

  @Option(help: ArgumentHelp("The longest line accepted.", valueName: "size"))
  var maxRecord = ByteSize(bytes: 16 << 20)

  var recordOptions: RecordOptions {
    var options = RecordOptions()
    options.invalid = invalid
    options.maximumRecord = maxRecord.bytes
    return options
  }
}
