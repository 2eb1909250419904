import Glibc
import Pipeline
import Seq

/// A picture of a training, drawn anew after each epoch.
final class TrainingPlot {
  private let path: String
  private let loss: LossKind
  private var reports: [EpochReport] = []

  /// - Throws: `PipelineError.cannotCreate` where the file cannot be made.
  init(_ path: String, loss: LossKind) throws {
    try OutputFile.check(path)
    self.loss = loss
    self.path = path
  }

  func add(_ report: EpochReport) throws {
    // A training that goes on may tell of an epoch again.
    reports.removeAll { $0.epoch >= report.epoch }
    reports.append(report)
    try AtomicFile.write(Array(picture().utf8), to: path, mode: 0o644)
  }

  private func picture() -> String {
    func points(_ value: (EpochReport) -> Double?) -> [(x: Double, y: Double)] {
      reports.compactMap { report in value(report).map { (Double(report.epoch), $0) } }
    }
    var charts = [
      LineChart(
        title: loss == .squaredError ? "mean squared error" : "loss (nats)", xTitle: "epoch",
        series: [
          LineChart.Series("train", points(\.trainLoss)),
          LineChart.Series("dev", points(\.devLoss)),
        ])
    ]
    let (accuracy, f1) = (points(\.devAccuracy), points(\.devF1))
    if !accuracy.isEmpty {
      charts.append(
        LineChart(
          title: "accuracy", xTitle: "epoch",
          series: [LineChart.Series("dev", accuracy)]
            + (f1.isEmpty ? [] : [LineChart.Series("dev f1", f1)])))
    } else if loss == .crossEntropy {
      charts.append(
        LineChart(
          title: "perplexity", xTitle: "epoch",
          series: [
            LineChart.Series("train", points { exp($0.trainLoss) }),
            LineChart.Series("dev", points { $0.devLoss.map { exp($0) } }),
          ]))
    }
    charts.append(
      LineChart(
        title: "learning rate", xTitle: "epoch",
        series: [LineChart.Series("rate", points(\.learningRate))]))
    charts.append(
      LineChart(
        title: "largest gradient norm", xTitle: "epoch",
        series: [LineChart.Series("norm", points(\.gradientNorm))]))
    return LineChart.page(charts)
  }
}
