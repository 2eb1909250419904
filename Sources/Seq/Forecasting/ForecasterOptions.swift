public import Pipeline

/// The architecture of a `RecurrentForecaster`.
public struct ForecasterOptions: StageOptions {
  /// `rnn`, `rnn-relu`, `lstm` or `gru`.
  public var cell = "lstm"
  /// H: units of a hidden state.
  public var hidden = 64
  public var layers = 1
  /// D: the columns that are read, the one that is foretold first.
  public var inputs = 1
  /// W: the rows that are read.
  public var window = 24
  /// How many rows are foretold at once.
  public var horizon = 1
  /// Whether the first column is read as its difference from the last row of the window, and foretold
  /// as its difference from that or, where there is a season, from the value of one season before: a
  /// level that training never saw then changes nothing.
  public var relative = true
  /// The period of the series, in rows; 0 is none.
  public var season = 0

  public init() {}

  static let descriptors: [OptionDescriptor] = [
    OptionDescriptor("cell", "the recurrent cell", choices: Cells.all.map(\.name)),
    OptionDescriptor("hidden", "units of a hidden state (H)"),
    OptionDescriptor("layers", "recurrent layers, one above the other"),
    OptionDescriptor("inputs", "columns that are read, the one that is foretold first"),
    OptionDescriptor("window", "rows that are read"),
    OptionDescriptor("horizon", "rows that are foretold at once"),
    OptionDescriptor(
      "relative", "whether the first column counts from the last row, or the last season"),
    OptionDescriptor("season", "the period of the series in rows; 0 for none"),
  ]

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`, `SeqError.unknownName`.
  public func validate() throws {
    _ = try Cells.named(cell)
    for (name, value, range) in [
      ("hidden", hidden, 1...1 << 14), ("layers", layers, 1...64), ("inputs", inputs, 1...1 << 14),
      ("season", season, 0...1 << 20), ("window", window, 1...1 << 20),
      ("horizon", horizon, 1...1 << 16),
    ] where !range.contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)",
        reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
    guard window >= season else {
      throw SeqError.invalidOption(
        name: "window", value: "\(window)", reason: "must be from \(season) to \(1 << 20)")
    }
  }
}
