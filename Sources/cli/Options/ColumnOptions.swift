import ArgumentParser
import Pipeline

/// Where token and tag stand in a line of columns: shared by what reads tagged sentences.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The token's column of tagged sentences, from 1; -1 is the last.", valueName: "n"))
  var tokenColumn = 1

  @Option(help: ArgumentHelp("The tag's column; -1 is the last.", valueName: "n"))
  var tagColumn = -1

  func validate() throws {
    guard tokenColumn != 0, tagColumn != 0 else {
      throw ValidationError("columns are counted from 1, or from -1 at the end: there is no 0")
    }
  }

  /// Reads tagged sentences.
  /// - Throws: `CLIError.badData` where there is none.
  func read(_ paths: [String], _ records: RecordOptions) throws -> TaggedDataset {
    var options = TaggedReader.Options()
    (options.tokenColumn, options.tagColumn, options.records) = (tokenColumn, tagColumn, records)
    let dataset = try TaggedReader.read(paths, options: options)
    guard dataset.count > 0 else {
      throw CLIError.badData(
        "\(paths.joined(separator: ", ")): no tagged token (a line is: token, space, tag)")
    }
    return dataset
  }
}
