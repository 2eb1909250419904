import Glibc
import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct ForecasterTrainerTests {
  private func bytes(_ forecaster: RecurrentForecaster) throws -> [UInt8] {
    try ModelFile.bytes(of: try Chain(forecaster), information: ModelInformation())
  }

  /// A trend, so levels that training never saw: the last value is far off, the model is not.
  @Test(arguments: ["rnn", "lstm", "gru"])
  func beatsTheBaselines(cell: String) throws {
    let series = SampleSeries.make(600)
    let forecaster = try SampleSeries.trainer(cell: cell, epochs: 30)
      .fit(series, trainCount: 500, threads: 2)
    let report = try forecaster.evaluate(series, rows: 500..<600)
    let seasonal = report.all(try #require(report.seasonal))
    #expect(report.count == 98)
    #expect(report.all(report.model).mse < 0.1 * report.all(report.lastValue).mse)
    #expect(report.all(report.model).mae < seasonal.mae)
    #expect(report.skill > 0.9)
    #expect(report.mase(report.all(report.model)) < 1)
  }

  /// The first step may see a single window, and one of those in which nothing happens: that its loss
  /// is small says nothing about those that follow.
  @Test func aSmallFirstLossIsNoMeasure() throws {
    let noise = SampleSeries.make(120).values.map { $0.truncatingRemainder(dividingBy: 0.5) }
    let series = Series(
      columns: ["y"], values: noise.enumerated().map { $1 + ($0 % 10 == 0 ? 50 : 0) })
    for seed in 1...20 as ClosedRange<UInt64> {
      let trainer = try SampleSeries.trainer(epochs: 2) { options, training in
        (options.season, options.window, options.horizon) = (0, 12, 1)
        (training.seed, training.batchSize) = (seed, 32)
      }
      // 97 windows: three batches and one window.
      #expect(throws: Never.self) { try trainer.fit(series, trainCount: 109) }
    }
  }

  /// Of a series that hardly changes from row to row the first steps know less than its last value does.
  @Test func aSmoothSeriesIsNoExplosion() throws {
    let series = Series(columns: ["y"], values: (0..<600).map { sin(Double($0) * 0.002) })
    let trainer = try SampleSeries.trainer(epochs: 2) { options, _ in
      (options.season, options.horizon) = (0, 1)
    }
    #expect(throws: Never.self) { try trainer.fit(series, trainCount: 540) }
  }

  /// A second column says what comes next.
  @Test func otherColumnsHelp() throws {
    let series = SampleSeries.make(400, noise: 1.5, width: 2)
    let with = try SampleSeries.trainer(epochs: 30) { options, _ in
      (options.inputs, options.horizon, options.season) = (2, 1, 0)
    }.fit(series, trainCount: 320)
    let alone = Series(columns: ["y"], values: series.column(0))
    let without = try SampleSeries.trainer(epochs: 30) { options, _ in
      (options.horizon, options.season) = (1, 0)
    }
    .fit(alone, trainCount: 320)
    let errors = try [
      with.evaluate(series, rows: 320..<400), without.evaluate(alone, rows: 320..<400),
    ].map { $0.all($0.model).mse }
    #expect(errors[0] < 0.5 * errors[1], "\(errors)")
  }

  @Test func rowsOfTheDevPartAreNeverLearntFrom() throws {
    let series = SampleSeries.make(200)
    var changed = series.values
    for i in 150..<200 { changed[i] = 1000 - 3 * changed[i] }
    let other = Series(columns: ["y"], values: changed)
    let trainer = try SampleSeries.trainer()
    func lastEpoch(_ series: Series) throws -> (EpochReport?, Standardizer) {
      var last: EpochReport?
      let model = try trainer.fit(series, trainCount: 150) { event in
        if case .epoch(let report) = event { last = report }
      }
      return (last, model.standardizer)
    }
    let (a, b) = (try lastEpoch(series), try lastEpoch(other))
    #expect(a.0?.trainLoss == b.0?.trainLoss && a.0?.devLoss != b.0?.devLoss)
    #expect(a.1 == b.1)
    let mean = series[0..<150].values.reduce(0, +) / 150
    #expect(abs(a.1.mean[0] - mean) < 1e-9)
  }

  @Test func threadsChangeNoBit() throws {
    let series = SampleSeries.make(300)
    func model(_ threads: Int, seed: UInt64 = 1) throws -> [UInt8] {
      try bytes(
        try SampleSeries.trainer { options, training in
          (options.layers, training.dropout, training.seed) = (2, 0.2, seed)
          training.batchSize = 70
        }.fit(series, trainCount: 240, threads: threads))
    }
    let one = try model(1)
    #expect(try model(2) == one)
    #expect(try model(3) == one)
    #expect(try model(1, seed: 2) != one)
  }

  /// Stopped after every step and taken up again, a training ends in the same bytes.
  @Test func anInterruptionChangesNoBit() throws {
    let series = SampleSeries.make(150)
    let trainer = try SampleSeries.trainer { _, training in
      (training.variationalDropout, training.schedule) = (0.1, .plateau)
    }
    let whole = try bytes(try trainer.fit(series, trainCount: 120))
    let monitor = MemoryMonitor()
    monitor.stops = true
    var model: RecurrentForecaster?
    var stops = 0
    while model == nil {
      do {
        model = try trainer.fit(series, trainCount: 120, monitor: monitor)
      } catch SeqError.interrupted { stops += 1 }
    }
    #expect(stops >= 15)
    #expect(try bytes(#require(model)) == whole)
  }

  @Test func unusableDataAndOptionsAreRefused() throws {
    let series = SampleSeries.make(100)
    #expect(throws: SeqError.self) { try SampleSeries.trainer().fit(series, trainCount: 16) }
    #expect(throws: SeqError.self) { try SampleSeries.trainer().fit(series, trainCount: 101) }
    #expect(throws: SeqError.self) {
      try SampleSeries.trainer().fit(SampleSeries.make(100, width: 2), trainCount: 80)
    }
    for change in [
      { o, _ in o.window = 11 }, { o, _ in o.horizon = 0 }, { o, _ in o.season = -1 },
      { o, _ in o.cell = "x" }, { _, t in t.epochs = 0 },
    ] as [(inout ForecasterOptions, inout TrainingOptions) -> Void] {
      #expect(throws: SeqError.self) { try SampleSeries.trainer(change) }
    }
  }
}
