import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct RecurrentForecasterTests {
  private func chunk(_ series: [Series]) -> NumberChunk {
    var chunk = NumberChunk(width: series[0].width)
    for one in series {
      chunk.values += one.values
      chunk.recordEnds.append(UInt32(chunk.values.count / chunk.width))
    }
    return chunk
  }

  @Test(arguments: Cells.all.map(\.name), [1, 2])
  func keepsTheLawsOfStages(cell: String, width: Int) throws {
    let forecaster = try SampleSeries.trainer(cell: cell, epochs: 1) { options, _ in
      options.inputs = width
    }.fit(SampleSeries.make(60, width: width), trainCount: 60)
    let series = (0..<6).map { SampleSeries.make(14 + 3 * $0, seed: UInt64($0), width: width) }
    #expect(try StageLaws.violations(of: forecaster, on: chunk(series)).isEmpty)
  }

  /// Options come from model files and pipelines and may be any numbers.
  @Test(arguments: [Int.min, -1, 25, 1 << 20 + 1, .max])
  func aSeasonThatDoesNotFitIsRefused(season: Int) {
    var options = ForecasterOptions()
    options.season = season
    let error = #expect(throws: SeqError.self) { try options.validate() }
    let name = season == 25 ? "window" : "season"
    #expect(error.map { "\($0)".contains(name) } == true, "\(error as Any)")
  }

  /// What `evaluate` judges is what the stage foretells, window by window.
  @Test func evaluationIsThatOfTheForecasts() throws {
    let series = SampleSeries.make(60)
    let forecaster = try SampleSeries.trainer().fit(series, trainCount: 50)
    let report = try forecaster.evaluate(series)
    var (squares, naive, seasonal, count) = (0.0, 0.0, 0.0, 0)
    for end in 13..<57 {
      let values = try forecaster.forecast(series[0..<end + 1], steps: 3)
      for (h, value) in values.enumerated() {
        let truth = series.values[end + 1 + h]
        squares += (value - truth) * (value - truth)
        naive += abs(series.values[end] - truth)
        seasonal += abs(series.values[end + h - 11] - truth)
        count += 1
      }
    }
    #expect(report.count * 3 == count)
    #expect(abs(report.all(report.model).mse - squares / Double(count)) < 1e-6)
    #expect(abs(report.all(report.lastValue).mae - naive / Double(count)) < 1e-9)
    #expect(
      abs(report.all(try #require(report.seasonal)).mae - seasonal / Double(count)) < 1e-9)
    let changes = (12..<50).map { (row: Int) -> Double in
      abs(series.values[row] - series.values[row - 12])
    }
    let scale = changes.reduce(0, +) / 38
    #expect(abs(report.mase(report.model[0]) - report.model[0].mae / scale) < 1e-12)
    #expect(try forecaster.evaluate(series, threads: 3) == report)
  }

  @Test func moreStepsGoOnFromTheForecasts() throws {
    let series = SampleSeries.make(60)
    let forecaster = try SampleSeries.trainer().fit(series, trainCount: 60)
    let first = try forecaster.forecast(series, steps: 3)
    let longer = Series(columns: ["y"], values: series.values + first)
    let next = try forecaster.forecast(longer, steps: 3)
    #expect(try forecaster.forecast(series, steps: 5) == first + next.prefix(2))
    #expect(try forecaster.forecast(series, steps: 2) == Array(first.prefix(2)))
    let wide = try SampleSeries.trainer(epochs: 1) { options, _ in options.inputs = 2 }
      .fit(SampleSeries.make(60, width: 2), trainCount: 60)
    #expect(throws: SeqError.self) {
      try wide.forecast(SampleSeries.make(60, width: 2), steps: 4)
    }
    #expect(throws: SeqError.self) { try forecaster.forecast(SampleSeries.make(13), steps: 1) }
    #expect(throws: SeqError.self) { try wide.forecast(series, steps: 1) }
  }

  @Test func damagedResourcesAreRefused() throws {
    let forecaster = try SampleSeries.trainer(epochs: 1).fit(SampleSeries.make(60), trainCount: 60)
    var writer = ResourceWriter()
    try forecaster.write(to: &writer)
    #expect(
      try RecurrentForecaster(
        options: forecaster.options, resources: ResourceReader(writer.resources)
      ).columns == ["y"])
    func f64(_ values: [Double]) -> Resource {
      Resource(
        type: .f64, shape: [values.count],
        bytes: values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } })
    }
    for (name, resource) in [
      ("mean", f64([1, 2])), ("deviation", f64([0])), ("deviation", f64([.infinity])),
      ("error_scale", f64([-1])), ("columns", Resource(type: .u8, shape: [1], bytes: [0x79])),
      ("head.bias", f64([0])),
    ] {
      var resources = writer.resources
      resources[name] = resource
      #expect(throws: (any Error).self, "\(name)") {
        try RecurrentForecaster(
          options: forecaster.options, resources: ResourceReader(resources))
      }
    }
  }
}
