import Pipeline
import Seq

/// A report on forecasts for people and for programs.
struct ForecastText {
  private let report: ForecastReport
  private let name: String

  /// - Parameter name: of the column that was foretold.
  init(_ report: ForecastReport, name: String) {
    self.report = report
    self.name = name
  }

  /// The ways of forecasting, the model first.
  private var ways: [(name: String, steps: [ForecastReport.Errors])] {
    [("model", report.model), ("last value", report.lastValue)]
      + (report.seasonal.map { [("last season", $0)] } ?? [])
  }

  /// The figures of the whole that can be held against a limit.
  var figures: [(name: String, value: Double)] { [("skill", report.skill)] }

  /// A row for each way of forecasting, for each step and for all together.
  var table: String {
    var rows = [["step", "by", "mse", "mae", "mase"]]
    for step in 0..<report.model.count where report.model.count > 1 {
      rows += ways.map { row("\(step + 1)", $0.name, $0.steps[step]) }
    }
    rows += ways.map { row("all", $0.name, report.all($0.steps)) }
    let summary = [
      ["count", "\(report.count)"], ["column", name], ["skill", ReportText.figure(report.skill)],
    ]
    return TextTable(summary).text + "\n" + TextTable(rows).text
  }

  private func row(_ step: String, _ name: String, _ errors: ForecastReport.Errors) -> [String] {
    [step, name] + [errors.mse, errors.mae, report.mase(errors)].map(ReportText.figure)
  }

  /// One object: the figures of the model over all steps, of the baselines, and of each step.
  var json: JSONValue {
    var object = figures(of: report.all(report.model))
    object["count"] = .int(report.count)
    object["skill"] = .double(report.skill)
    object["last_value"] = .object(figures(of: report.all(report.lastValue)))
    if let seasonal = report.seasonal {
      object["last_season"] = .object(figures(of: report.all(seasonal)))
    }
    object["per_step"] = .array(
      report.model.indices.map { step in
        var row = figures(of: report.model[step])
        row["step"] = .int(step + 1)
        row["last_value"] = .object(figures(of: report.lastValue[step]))
        if let seasonal = report.seasonal {
          row["last_season"] = .object(figures(of: seasonal[step]))
        }
        return .object(row)
      })
    return .object(object)
  }

  private func figures(of errors: ForecastReport.Errors) -> JSONObject {
    JSONObject([
      ("mse", .double(errors.mse)), ("mae", .double(errors.mae)),
      ("mase", .double(report.mase(errors))),
    ])
  }
}
