import Tokenize

/// An examination of data for people.
struct DataReportText {
  private let report: DataReport

  init(_ report: DataReport) { self.report = report }

  /// Figures, classes, problems with their first places.
  var table: String {
    let lengths = report.lengths
    let figures = [
      ["records", "\(report.records)"], ["classes", "\(report.classes.count)"],
      ["length minimum", "\(lengths.minimum)"], ["length median", "\(lengths.median)"],
      ["length p95", "\(lengths.percentile95)"], ["length maximum", "\(lengths.maximum)"],
      ["composed texts", "\(report.composed.count)"],
      ["decomposed texts", "\(report.decomposed.count)"],
    ]
    let classes =
      [["class", "count", "share"]]
      + report.classes.map {
        [$0.name, "\($0.count)", ReportText.figure(Double($0.count) / Double(report.records))]
      }
    let text = TextTable(figures).text + "\n" + TextTable(classes).text + "\n"
    guard !report.problems.isEmpty else { return text + "no problems\n" }
    return report.problems.reduce(text) { text, problem in
      let head = "\(problem.name): \(problem.finding.count) (\(problem.advice))\n"
      let rest = problem.finding.count - problem.finding.places.count
      let places = problem.finding.places.reduce(head) { $0 + "  \($1)\n" }
      return text + places + (rest > 0 ? "  and \(rest) more\n" : "")
    }
  }
}
