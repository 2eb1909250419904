import ArgumentParser
import Pipeline

/// What every exercise of the laboratory has.
struct LabOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The same seed gives the same figures.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Draw the figures into this SVG.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var plot: String?

  @Flag(name: [.customShort("q"), .long], help: "No progress on stderr.")
  var quiet = false

  /// Finds out before the work whether the picture can be made.
  /// - Throws: `PipelineError.cannotCreate`.
  func checkPlot() throws {
    if let plot { try OutputFile.check(plot) }
  }

  /// Writes the picture, where one is wanted.
  func draw(_ charts: [LineChart]) throws {
    guard let plot else { return }
    try AtomicFile.write(Array(LineChart.page(charts).utf8), to: plot, mode: 0o644)
  }

  /// A line for a person who waits.
  func note(_ line: String) {
    if !quiet { StandardError.write(line + "\n") }
  }
}
