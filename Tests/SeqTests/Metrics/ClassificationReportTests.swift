import Pipeline
import Seq
import Testing

@Suite struct ClassificationReportTests {
  /// Natural logarithms of the given probabilities.
  private func predictions(_ rows: [[Double]]) -> PredictionChunk {
    PredictionChunk(
      labels: ["a", "b", "c"], logProbabilities: rows.joined().map { Float(Double.log($0)) })
  }

  @Test func handComputed() {
    let chunk = predictions([
      [0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1],
    ])
    let report = ClassificationReport(chunk, targets: [0, 0, 1, 1])
    #expect(report.count == 4)
    #expect(report.confusion == [[1, 1, 0], [1, 1, 0], [0, 0, 0]])
    #expect(report.accuracy == 0.5)
    let loss = -(Double.log(0.7) + Double.log(0.4) + Double.log(0.8) + Double.log(0.3)) / 4
    #expect(abs(report.loss - loss) < 1e-6)
    #expect(abs(report.perplexity - Double.exp(loss)) < 1e-5)
    // Class c neither occurs nor is predicted: it is no part of the mean.
    #expect(report.macroF1 == 0.5)
    // Four bins with one record each: |1 - 0.7|, |0 - 0.5|, |1 - 0.8|, |0 - 0.6|.
    #expect(abs(report.expectedCalibrationError - 1.6 / 4) < 1e-6)
    let a = report.perClass[0]
    #expect(a.label == "a")
    #expect([a.support, a.predicted] == [2, 2])
    #expect([a.precision, a.recall, a.f1] == [0.5, 0.5, 0.5])
    let c = report.perClass[2]
    #expect([c.precision, c.recall, c.f1] == [0, 0, 0])
  }

  /// Finite weights can be so large that the probabilities are no numbers.
  @Test func probabilitiesThatAreNoNumbersAreCounted() {
    let chunk = PredictionChunk(
      labels: ["a", "b"], logProbabilities: [.nan, .nan, .infinity, -.infinity, 0, -.infinity])
    let report = ClassificationReport(chunk, targets: [0, 1, 0])
    #expect(report.count == 3)
    #expect(report.confusion == [[2, 0], [1, 0]])
    #expect(report.loss.isNaN && report.expectedCalibrationError.isNaN)
  }

  /// Against scikit-learn (`Goldens/make_goldens.py`).
  @Test func equalsScikitLearn() throws {
    let file = try GoldenFile("report")
    let truth = try file.integers("truth")
    let labels = ["0", "1", "2", "3", "4", "5"]
    let log = try file.values("logProbabilities").map { Float($0) }
    var report = ClassificationReport(labels: labels)
    // In two parts, of unequal size.
    for part in [0..<37, 37..<truth.count] {
      report.add(
        PredictionChunk(
          labels: labels,
          logProbabilities: Array(log[part.lowerBound * 6..<part.upperBound * 6])),
        targets: Array(truth[part]))
    }
    let figures = [
      report.loss, report.accuracy, report.macroF1, report.expectedCalibrationError,
    ]
    #expect(distance(figures, try file.values("figures")) < 1e-6)
    let classes = report.perClass
    #expect(distance(classes.map(\.precision), try file.values("precision")) < 1e-12)
    #expect(distance(classes.map(\.recall), try file.values("recall")) < 1e-12)
    #expect(distance(classes.map(\.f1), try file.values("f1")) < 1e-12)
    #expect(classes.map { Int32($0.support) } == (try file.integers("support")))
    #expect(report.confusion.joined().map { Int32($0) } == (try file.integers("confusion")))
  }

  @Test func nothingAddedIsZero() {
    let report = ClassificationReport(labels: ["a", "b"])
    #expect([Double(report.count), report.loss, report.accuracy] == [0, 0, 0])
    #expect([report.macroF1, report.expectedCalibrationError] == [0, 0])
  }

  @Test func certaintyFallsIntoTheLastBin() {
    let chunk = PredictionChunk(labels: ["a", "b"], logProbabilities: [0, -.infinity])
    let report = ClassificationReport(chunk, targets: [0])
    #expect([report.loss, report.expectedCalibrationError] == [0, 0])
  }
}
