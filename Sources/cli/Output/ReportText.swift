import Pipeline
import Seq

/// A classification report for people and for programs.
struct ReportText {
  private let report: ClassificationReport

  private let exact: ClassificationReport?

  /// - Parameter exact: of the same model read in full, where this one was not.
  init(_ report: ClassificationReport, exact: ClassificationReport? = nil) {
    self.report = report
    self.exact = exact
  }

  /// A figure with four decimals.
  static func figure(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let scaled = Int((abs(value) * 10_000).rounded())
    let digits = String(scaled % 10_000)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return "\(sign)\(scaled / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
  }

  var figures: FigureChanges.Figures {
    FigureChanges.appended(to: Self.figures(of: report), from: exact.map(Self.figures))
  }

  private static func figures(of report: ClassificationReport) -> FigureChanges.Figures {
    [
      ("loss", report.loss), ("accuracy", report.accuracy), ("perplexity", report.perplexity),
      ("macro_f1", report.macroF1), ("ece", report.expectedCalibrationError),
    ]
  }

  /// Aligned columns: the figures, then those of each class.
  func table(withConfusion: Bool) -> String {
    let summary =
      [["count", "\(report.count)"]] + figures.map { [$0.name, Self.figure($0.value)] }
    let classes =
      [["class", "count", "precision", "recall", "f1"]]
      + report.perClass.map {
        [$0.label, "\($0.support)"] + [$0.precision, $0.recall, $0.f1].map(Self.figure)
      }
    var text = TextTable(summary).text + "\n" + TextTable(classes).text
    if withConfusion { text += "\n" + confusionText }
    return text
  }

  private var confusionText: String {
    let header = (["true\\predicted"] + report.labels).joined(separator: "\t") + "\n"
    return zip(report.labels, report.confusion).reduce(header) { text, row in
      text + ([row.0] + row.1.map(String.init)).joined(separator: "\t") + "\n"
    }
  }

  /// One object; what is not finite is null.
  func json(withConfusion: Bool) -> JSONValue {
    var object = JSONObject(
      figures.map { ($0.name, $0.value.isFinite ? .double($0.value) : .null) })
    object["count"] = .int(report.count)
    object["per_class"] = .array(
      report.perClass.map {
        [
          "label": .string($0.label), "count": .int($0.support), "predicted": .int($0.predicted),
          "precision": .double($0.precision), "recall": .double($0.recall), "f1": .double($0.f1),
        ]
      })
    if withConfusion {
      object["confusion"] = [
        "labels": .array(report.labels.map(JSONValue.string)),
        "counts": .array(report.confusion.map { .array($0.map(JSONValue.int)) }),
      ]
    }
    return .object(object)
  }
}
