import ArgumentParser
import Glibc
import Pipeline
import Seq

/// `seqtool forecast`: a series in, its next values out.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Foretell the next values of a series.",
    discussion: """
      Reads CSV with the columns that the model was trained on and gives CSV: `step,COLUMN`, a row for \
      each of the next values. With --steps beyond the model's horizon it goes on from its own \
      forecasts. The model comes from `seqtool train forecast`.

        seqtool forecast --model sales.seqmodel sales.csv
        tail -n 100 load.csv | seqtool forecast -m load.seqmodel --steps 48
      """)

  @Option(
    name: [.customShort("m"), .long], help: "The forecaster.",
    completion: .file(extensions: ["seqmodel"]))
  var model: String

  @Argument(
    help: ArgumentHelp("CSV in order of time; none or - is stdin.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var file = "-"

  @Option(help: ArgumentHelp("How many values; the model's horizon unless said.", valueName: "n"))
  var steps: Int?

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    if let steps {
      guard (1...1_000_000).contains(steps) else {
        throw ValidationError("--steps \(steps) has no meaning (ask for 1 to 1000000)")
      }
    }
  }

  func run() throws {
    guard let forecaster = try ModelOption.load(model).chain.forecaster else {
      throw CLIError.badData("\(model): is not a forecaster (`seqtool train forecast` makes one)")
    }
    let series = try SeriesReader.read(file, columns: forecaster.columns)
    let values = try forecaster.forecast(series, steps: steps ?? forecaster.options.horizon)
    // Six digits below the size of the deviation: what follows is noise of 32-bit arithmetic.
    let unit = pow(10, floor(log10(forecaster.standardizer.deviation[0])) - 6)
    let rows = values.enumerated().map { step, value in
      "\(step + 1),\(Self.text(value, unit: unit))\n"
    }
    try StandardOutput.write("step,\(Self.field(forecaster.columns[0]))\n" + rows.joined())
  }

  /// The number to the nearest multiple of `unit`, a power of ten.
  private static func text(_ value: Double, unit: Double) -> String {
    // Dividing by a whole power of ten gives the shortest decimal number.
    let rounded = unit < 1 ? (value / unit).rounded() / (1 / unit).rounded() : value.rounded()
    return rounded.isFinite ? "\(rounded)" : "\(value)"
  }

  /// A name as a field of CSV.
  private static func field(_ name: String) -> String {
    let isPlain = !name.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain
      ? name
      : "\""
        + name.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\""
  }
}

extension Chain {
  /// The forecaster that a chain is.
  var forecaster: RecurrentForecaster? {
    stages.count == 1 ? stages[0].base as? RecurrentForecaster : nil
  }
}
