public import Pipeline

/// A trained forecaster: from the last rows of a series to the next values of its first column.
///
/// A forecast does not depend, to the last bit, on the windows beside it or on the number of threads.
public struct RecurrentForecaster: Stage {
  public static let descriptor = StageDescriptor(
    id: "forecast.recurrent@1",
    summary: "foretells the next values of a series by an RNN, LSTM or GRU", input: .numbers,
    output: .numbers, isModel: true, options: ForecasterOptions.descriptors)

  public let options: ForecasterOptions
  /// The names of the D columns, the one that is foretold first.
  public let columns: [String]
  public let standardizer: Standardizer
  /// What a mean absolute error is divided by to give the MASE: that of the baseline (the seasonal
  /// one, where there is a season) over the training part (Hyndman and Koehler, 2006).
  public let errorScale: Double
  package let network: ForecasterNetwork
  package let parameters: ParameterVector<Float>

  package init(
    network: ForecasterNetwork, parameters: ParameterVector<Float>, columns: [String],
    standardizer: Standardizer, errorScale: Double
  ) {
    options = network.options
    self.columns = columns
    self.standardizer = standardizer
    self.errorScale = errorScale
    self.network = network
    self.parameters = parameters
  }

  /// Reads the columns' names and scales, and the weights.
  /// - Throws: where an option has no meaning, or a tensor is missing or has another shape.
  public init(options: ForecasterOptions, resources: ResourceReader) throws {
    let network = try ForecasterNetwork(options)
    let names = String(validating: try resources.bytes("columns"), as: UTF8.self)?
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    guard let names, names.count == options.inputs else {
      throw PipelineError.malformedResource("columns", "are not \(options.inputs) lines of text")
    }
    let scale = try resources.doubles("error_scale", count: 1)[0]
    guard scale.isFinite, scale > 0 else {
      throw PipelineError.malformedResource("error_scale", "is no scale")
    }
    self.init(
      network: network, parameters: try ParameterVector(network.layout, reading: resources),
      columns: names, standardizer: try Standardizer(resources, width: options.inputs),
      errorScale: scale)
  }

  public func write(to resources: inout ResourceWriter) throws {
    try resources.add("columns", bytes: columns.flatMap { Array($0.utf8) + [0x0A] })
    try standardizer.write(to: &resources)
    try resources.add("error_scale", doubles: [errorScale])
    try parameters.write(to: &resources)
  }

  public func makeRunner(
    _ context: RunContext
  ) throws -> any StageRunner<NumberChunk, NumberChunk> {
    ForecasterRunner(self)
  }

  /// The next `steps` values after the end of a series: `horizon` at a time, each time reading its own
  /// forecasts where it must.
  /// - Throws: `SeqError.unusableData` where the series is shorter than the window;
  ///   `.invalidOption` where more is asked for than the horizon, but the future of other columns
  ///   would have to be known.
  public func forecast(_ series: Series, steps: Int) throws -> [Double] {
    guard steps <= options.horizon || options.inputs == 1 else {
      throw SeqError.invalidOption(
        name: "steps", value: "\(steps)",
        reason: "must be at most the horizon, \(options.horizon), where other columns are read "
          + "(nobody knows what follows in them)")
    }
    var values = series.values
    var runner = ForecasterRunner(self)
    var found: [Double] = []
    while found.count < steps {
      let next = try runner.consume(
        NumberChunk(
          width: series.width, values: values,
          recordEnds: [UInt32(values.count / series.width)])
      ).values
      found += next
      values += next
    }
    return Array(found.prefix(steps))
  }

  /// How good the forecasts for the given rows are, beside the baselines.
  ///
  /// - Parameter rows: the rows to be foretold, all of them where nothing is said; rows before them
  ///   are read.
  /// - Throws: `SeqError.unusableData` where the series is too short, or of another width.
  public func evaluate(
    _ series: Series, rows: Range<Int>? = nil, threads: Int = 1
  ) throws -> ForecastReport {
    try check(series, rows: options.window + options.horizon)
    return report(
      series, rows: rows ?? 0..<series.count, pool: WorkerPool(threads: max(1, threads)))
  }

  func check(_ series: Series, rows: Int) throws {
    guard series.width == options.inputs else {
      throw SeqError.unusableData(
        "a row has \(series.width) numbers, but the model reads \(options.inputs)")
    }
    guard series.count >= rows else {
      throw SeqError.unusableData(
        "the series has \(series.count) rows, but \(rows) are needed "
          + "(a window of \(options.window), a horizon of \(options.horizon))")
    }
  }

  func report(_ series: Series, rows: Range<Int>, pool: WorkerPool) -> ForecastReport {
    let windows = SeriesWindows(series, standardizer, options)
    let weights = network.weights(parameters, forTraining: false)
    let ends = Array(options.ends(foretelling: rows))
    let batches = stride(from: 0, to: ends.count, by: 256).map {
      Array(ends[$0..<min($0 + 256, ends.count)])
    }
    let forecasts = Slots(batches.count) { _ in Tensor<Float>(zeros: [0, 0]) }
    pool.run(batches.count) {
      forecasts[$0] = network.forecast(windows.inputs(batches[$0]), weights)
    }
    let truth = series.column(0)
    var report = ForecastReport(options, errorScale: errorScale)
    for (b, batch) in batches.enumerated() {
      for (n, end) in batch.enumerated() {
        let values = (0..<options.horizon).map {
          standardizer.restored(
            Double(forecasts[b][n, $0] + windows.base(end, $0)), column: 0)
        }
        report.add(values, after: end, of: truth)
      }
    }
    return report
  }
}

/// Foretells what follows each record of a chunk, which is a series of its own.
struct ForecasterRunner: StageRunner {
  private let forecaster: RecurrentForecaster
  private let weights: Weights<Float>

  init(_ forecaster: RecurrentForecaster) {
    self.forecaster = forecaster
    weights = forecaster.network.weights(forecaster.parameters, forTraining: false)
  }

  mutating func consume(_ chunk: NumberChunk) throws -> NumberChunk {
    let options = forecaster.options
    var result = NumberChunk(width: 1)
    for record in 0..<chunk.count {
      let rows = chunk.rows(record)
      let series = Series(
        columns: [String](repeating: "", count: chunk.width), values: Array(chunk.numbers(record)))
      try forecaster.check(series, rows: options.window)
      let last = series[rows.count - options.window..<rows.count]
      let windows = SeriesWindows(last, forecaster.standardizer, options)
      let end = options.window - 1
      let y = forecaster.network.forecast(windows.inputs([end]), weights)
      for h in 0..<options.horizon {
        result.values.append(
          forecaster.standardizer.restored(Double(y[0, h] + windows.base(end, h)), column: 0))
      }
      result.recordEnds.append(UInt32(result.values.count))
    }
    return result
  }
}
