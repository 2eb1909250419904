import Pipeline
import Seq

/// A tagging report for people and for programs.
struct TaggingText {
  private let report: TaggingReport

  private let exact: TaggingReport?

  /// - Parameter exact: of the same model read in full, where this one was not.
  init(_ report: TaggingReport, exact: TaggingReport? = nil) {
    self.report = report
    self.exact = exact
  }

  /// The figures of the whole; those of spans where tags mark some.
  var figures: FigureChanges.Figures {
    FigureChanges.appended(to: Self.figures(of: report), from: exact.map(Self.figures))
  }

  private static func figures(of report: TaggingReport) -> FigureChanges.Figures {
    let spans = report.spans?.all
    return [("loss", report.loss), ("accuracy", report.accuracy)]
      + [("precision", spans?.precision), ("recall", spans?.recall), ("f1", spans?.f1)]
      .compactMap { name, value in value.map { (name, $0) } }
  }

  /// The figures of each type of span or, where tags mark no spans, of each tag.
  private var rows: (title: String, figures: [TaggingReport.Figures]) {
    report.spans.map { ("type", $0.perType) } ?? ("tag", report.perTag)
  }

  /// Aligned columns: the figures, then those of each type or tag.
  var table: String {
    let summary =
      [["count", "\(report.count)"], ["sentences", "\(report.sentenceCount)"]]
      + figures.map { [$0.name, ReportText.figure($0.value)] }
    let parts =
      [[rows.title, "count", "predicted", "precision", "recall", "f1"]]
      + rows.figures.map { row in
        [row.name, "\(row.matches.support)", "\(row.matches.predicted)"]
          + [row.matches.precision, row.matches.recall, row.matches.f1].map(ReportText.figure)
      }
    return TextTable(summary).text + "\n" + TextTable(parts).text
  }

  /// One object; what is not finite is null.
  var json: JSONValue {
    var object = JSONObject(
      figures.map { ($0.name, $0.value.isFinite ? .double($0.value) : .null) })
    object["count"] = .int(report.count)
    object["sentences"] = .int(report.sentenceCount)
    object["per_\(rows.title)"] = .array(
      rows.figures.map { row in
        [
          rows.title: .string(row.name), "count": .int(row.matches.support),
          "predicted": .int(row.matches.predicted),
          "precision": .double(row.matches.precision), "recall": .double(row.matches.recall),
          "f1": .double(row.matches.f1),
        ]
      })
    return .object(object)
  }
}
