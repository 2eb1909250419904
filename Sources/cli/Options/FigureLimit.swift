import ArgumentParser
import Seq

/// `accuracy=0.8`: a figure and what it must reach.
struct FigureLimit: ExpressibleByArgument {
  enum Figure: String, CaseIterable {
    case accuracy
    case macroF1 = "macro_f1"

    func value(in report: ClassificationReport) -> Double {
      switch self {
      case .accuracy: report.accuracy
      case .macroF1: report.macroF1
      }
    }
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
}
