/// How good forecasts are, step by step and in all, beside two baselines: the last value for ever, and
/// the value of one season ago. Errors are in the units of the data.
public struct ForecastReport: Sendable, Hashable {
  /// The errors of one way of forecasting at one step.
  public struct Errors: Sendable, Hashable {
    public fileprivate(set) var count = 0
    private var squares = 0.0
    private var absolutes = 0.0

    /// Mean squared error: Σ (ŷ - y)² / N.
    public var mse: Double { count == 0 ? 0 : squares / Double(count) }
    /// Mean absolute error: Σ |ŷ - y| / N.
    public var mae: Double { count == 0 ? 0 : absolutes / Double(count) }

    fileprivate mutating func add(_ error: Double) {
      count += 1
      squares += error * error
      absolutes += abs(error)
    }

    fileprivate static func + (a: Errors, b: Errors) -> Errors {
      var sum = a
      sum.count += b.count
      sum.squares += b.squares
      sum.absolutes += b.absolutes
      return sum
    }
  }

  /// Of each step of the horizon.
  public private(set) var model: [Errors]
  public private(set) var lastValue: [Errors]
  /// `nil` where there is no season.
  public private(set) var seasonal: [Errors]?
  private let options: ForecasterOptions
  private let errorScale: Double

  init(_ options: ForecasterOptions, errorScale: Double) {
    let none = [Errors](repeating: Errors(), count: options.horizon)
    (model, lastValue) = (none, none)
    seasonal = options.season > 0 ? none : nil
    self.options = options
    self.errorScale = errorScale
  }

  /// Adds the forecasts made after row `end` of the true values.
  mutating func add(_ forecasts: [Double], after end: Int, of truth: [Double]) {
    for (h, value) in forecasts.enumerated() {
      let actual = truth[end + 1 + h]
      model[h].add(value - actual)
      lastValue[h].add(truth[end] - actual)
      if options.season > 0 { seasonal?[h].add(truth[options.lastSeason(end, h)] - actual) }
    }
  }

  /// How many forecasts there are.
  public var count: Int { model[0].count }

  /// All steps together.
  public func all(_ steps: [Errors]) -> Errors { steps.reduce(Errors(), +) }

  /// Mean absolute scaled error (Hyndman and Koehler, 2006): below 1 is better than the baseline was
  /// on the training part at its first step.
  public func mase(_ errors: Errors) -> Double { errors.mae / errorScale }

  /// 1 - MSE / MSE of the last value (Murphy, 1988): 0 is as good as that, 1 is perfect.
  public var skill: Double {
    let naive = all(lastValue).mse
    return naive > 0 ? 1 - all(model).mse / naive : 0
  }
}
