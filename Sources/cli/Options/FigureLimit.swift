import ArgumentParser

/// `accuracy=0.8`: a figure and what it must reach.
struct FigureLimit: ExpressibleByArgument {
  enum Figure: String, CaseIterable {
    case accuracy
    case macroF1 = "macro_f1"
    case f1
    case skill
  }

  let figure: Figure
  let limit: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let figure = Figure(rawValue: String(parts[0])),
      let limit = Double(parts[1]), limit.isFinite
    else { return nil }
    self.figure = figure
    self.limit = limit
  }

  /// Compares with what a report has.
  /// - Throws: `CLIError.belowLimit`; `.usage` where the report has no such figure.
  func check(_ figures: [(name: String, value: Double)]) throws {
    guard let value = figures.first(where: { $0.name == figure.rawValue })?.value else {
      throw CLIError.usage("--fail-under \(figure.rawValue): such a model has no such figure")
    }
    guard value >= limit else {
      throw CLIError.belowLimit(
        "\(figure.rawValue) is \(ReportText.figure(value)), under \(limit)")
    }
  }
}
