import ArgumentParser
import Pipeline

/// A series on the command line.
struct SeriesDataOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "CSV in order of time, with or without a header; - is stdin.", valueName: "data"),
    completion: .file(extensions: ["csv"]))
  var data: String

  @OptionGroup
  var columns: SeriesColumnOptions
}

/// Which columns of a table make a series: shared by `train forecast` and `tune`.
struct SeriesColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column to foretell, by name or by number from 1; needed where there are several.",
      valueName: "name"))
  var column: String?

  @Option(
    help: ArgumentHelp(
      "Other columns that are read beside it, joined by commas.", valueName: "names"))
  var inputs: String?

  /// The columns to read, the one to foretell first.
  /// - Throws: `CLIError.usage` where one stands twice, or there are inputs alone.
  func names() throws -> [String] {
    let others = (inputs ?? "").split(separator: ",").map(String.init)
    guard let column else {
      guard others.isEmpty else { throw CLIError.usage("--inputs needs --column") }
      return []
    }
    let all = [column] + others
    if let twice = all.first(where: { name in all.count { $0 == name } > 1 }) {
      throw CLIError.usage("--inputs: column \(twice) stands twice")
    }
    return all
  }
}
