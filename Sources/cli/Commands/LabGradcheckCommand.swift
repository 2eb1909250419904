import ArgumentParser
import Seq

/// `seqtool lab gradcheck`: back-propagation against difference quotients.
struct LabGradcheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract: "Check the gradients of every layer and cell by central differences.",
    discussion: """
      In double precision, every number of every input, state and parameter is moved by 1e-5 to \
      both sides. Prints the largest relative error of each piece; ends with 1 where one is above \
      the tolerance.

        seqtool lab gradcheck
        seqtool lab gradcheck --seed 7 --quiet | tail -1
      """)

  @Option(help: ArgumentHelp("The largest error that passes.", valueName: "x"))
  var tolerance = 1e-6

  @OptionGroup
  var lab: LabOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    try LabRange.check("tolerance", tolerance, 0...1)
  }

  func run() throws {
    try lab.checkPlot()
    let rows = try GradientCheck.run(seed: lab.seed)
    let worst = rows.map(\.error).max { !$0.isNaN && !($1 <= $0) } ?? .nan
    let table =
      [["piece", "numbers", "largest error", "at"]]
      + rows.map { [$0.name, "\($0.count)", Scientific.text($0.error), $0.place] }
    let count = rows.reduce(0) { $0 + $1.count }
    try StandardOutput.write(
      TextTable(table).text
        + "\(rows.count) pieces, \(count) numbers, largest error \(Scientific.text(worst))\n")
    let sorted = rows.map(\.error).sorted().enumerated().map { (x: Double($0 + 1), y: $1) }
    try lab.draw([
      LineChart(
        title: "largest relative error of each piece, sorted", xTitle: "piece",
        series: [
          LineChart.Series("error", sorted),
          LineChart.Series("tolerance", [(1, tolerance), (Double(rows.count), tolerance)]),
        ], isLogarithmic: true)
    ])
    let failed = rows.filter { !($0.error <= tolerance) }
    guard failed.isEmpty else {
      throw CLIError.belowLimit(
        "\(failed.count) of \(rows.count) pieces have an error above \(tolerance): "
          + failed.prefix(3).map(\.name).joined(separator: "; "))
    }
  }
}
