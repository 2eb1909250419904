import Pipeline
import Seq
import Testing

@Suite struct ForecasterExchangeTests {
  private func forecaster(
    _ series: Series, cell: String = "gru", seed: UInt64 = 1,
    _ change: (inout ForecasterOptions) -> Void = { _ in }
  ) throws -> RecurrentForecaster {
    try SampleSeries.trainer(cell: cell, epochs: 1) { options, training in
      (options.inputs, options.layers) = (series.width, 2)
      training.seed = seed
      change(&options)
    }.fit(series, trainCount: 60)
  }

  @Test func theGraphKnowsUnitsAndSeasons() throws {
    let series = SampleSeries.make(80, width: 2)
    let seasonal = try ONNXFile(try forecaster(series).onnx())
    #expect(seasonal.inputs == ["rows: 11 [\"batch\", \"14\", \"2\"]"])
    #expect(seasonal.outputs == ["forecasts: 11 [\"batch\", \"3\"]"])
    // A window of 14 ends with row 13; one season of 12 before rows 14, 15 and 16.
    #expect(seasonal.nodes.contains { $0.inputs.last == "list_2_3_4" })
    #expect(seasonal.nodes.count { $0.operation == "GRU" } == 2)
    let last = try ONNXFile(try forecaster(series) { $0.season = 0 }.onnx())
    #expect(last.nodes.contains { $0.inputs.last == "list_13_13_13" })
    let absolute = try ONNXFile(
      try forecaster(series) { ($0.season, $0.relative) = (0, false) }.onnx())
    #expect(!absolute.nodes.contains { $0.operation == "Gather" })
    #expect(absolute.constants["mean"]?.type == 11)
  }

  @Test func weightsComeBackBitForBit() throws {
    let series = SampleSeries.make(80)
    let file = try forecaster(series).stateDictionary()
    let other = try forecaster(series, seed: 4)
    #expect(other.stateDictionary() != file)
    let back = try other.replacingWeights(by: StateDictionary(file, file: "f"))
    #expect(back.stateDictionary() == file)
    #expect(throws: SeqError.self) {
      try forecaster(series, cell: "lstm").replacingWeights(by: StateDictionary(file, file: "f"))
    }
  }

  /// In units of the deviation, whatever those of the data are.
  @Test func answersAreCompared() throws {
    let series = SampleSeries.make(80)
    let forecaster = try forecaster(series)
    let rows = series[0..<14].values + series[20..<34].values
    let found = try forecaster.forecasts(after: rows)
    #expect(found.count == 6)
    #expect(Array(found[0..<3]) == (try forecaster.forecast(series[0..<14], steps: 3)))
    func difference(_ values: [Double], shape: [Int] = [2, 14, 1]) throws -> Double {
      try forecaster.largestDifference(
        from: [
          "rows": .of(.float64, shape, rows), "forecasts": .of(.float64, [2, 3], values),
        ], file: "f")
    }
    #expect(try difference(found) == 0)
    var wrong = found
    wrong[4] += 2 * forecaster.standardizer.deviation[0]
    #expect(abs(try difference(wrong) - 2) < 1e-4)
    #expect(throws: SeqError.self) { try difference(found, shape: [1, 28, 1]) }
  }
}
