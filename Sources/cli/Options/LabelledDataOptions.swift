public import ArgumentParser
public import Pipeline

/// Labelled data on the command line: shared by `train classify` and `evaluate`.
struct LabelledDataOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Labelled data: TSV (label, tab, text), a folder with one file per class, CSV, or JSONL.",
      valueName: "data"),
    completion: .file())
  var data: [String]

  @Option(help: "What the data are; without it, the name of each says it (- is TSV).")
  var format: LabelledFormat?

  @Option(
    help: ArgumentHelp(
      "The label's column in CSV or member in JSONL; numbers from 1 where CSV has no header.",
      valueName: "name"))
  var labelColumn = "label"

  @Option(help: ArgumentHelp("The text's column or member.", valueName: "name"))
  var textColumn = "text"

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

  /// Reads the data.
  /// - Throws: `CLIError.badData` where there is no record.
  func read() throws -> LabelledDataset { try read(data) }

  /// Reads other data by the same rules.
  func read(_ paths: [String]) throws -> LabelledDataset {
    var options = LabelledOptions()
    options.format = format
    options.labelColumn = labelColumn
    options.textColumn = textColumn
    options.records = recordOptions
    let dataset = try LabelledReader.read(paths, options: options)
    guard dataset.count > 0 else {
      throw CLIError.badData(
        "\(paths.joined(separator: ", ")): no labelled record (a line is: label, tab, text)")
    }
    return dataset
  }
}

extension LabelledFormat: ExpressibleByArgument {}
