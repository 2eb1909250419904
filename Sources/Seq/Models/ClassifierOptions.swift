public import Pipeline

/// The architecture of a `RecurrentClassifier`. What is only used in training stands in
/// `TrainingOptions`.
public struct ClassifierOptions: StageOptions {
  /// `rnn`, `rnn-relu`, `lstm` or `gru`.
  public var cell = "lstm"
  /// H: units of a hidden state.
  public var hidden = 128
  /// D: numbers per embedded symbol.
  public var embedding = 64
  public var layers = 1
  public var bidirectional = false
  /// How the hidden states become one vector: `last`, `mean`, `max`, `attention`, joined by `+`.
  public var pooling = "max"
  /// How many symbols of a record the network reads; the features still see all.
  public var maximumLength = 1024
  /// V: the number of symbols, and F: of features (0: the model has no feature table).
  public var symbols = 0
  public var features = 0

  public init() {}

  static let descriptors: [OptionDescriptor] = [
    OptionDescriptor("cell", "the recurrent cell", choices: Cells.all.map(\.name)),
    OptionDescriptor("hidden", "units of a hidden state (H)"),
    OptionDescriptor("embedding", "numbers per embedded symbol (D)"),
    OptionDescriptor("layers", "recurrent layers, one above the other"),
    OptionDescriptor("bidirectional", "whether each layer also runs backwards"),
    OptionDescriptor(
      "pooling", "how the hidden states become one vector; several joined by +",
      choices: Pooling.Rule.allCases.map(\.rawValue)),
    OptionDescriptor("maximumLength", "how many symbols of a record the network reads"),
    OptionDescriptor("symbols", "size of the vocabulary (V)"),
    OptionDescriptor("features", "size of the feature table (F), 0 for none"),
  ]

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`, `SeqError.unknownName`.
  public func validate() throws {
    _ = try Cells.named(cell)
    _ = try Pooling.rules(pooling)
    for (name, value, most) in [
      ("hidden", hidden, 1 << 14), ("embedding", embedding, 1 << 14), ("layers", layers, 64),
      ("maximumLength", maximumLength, 1 << 24), ("symbols", symbols, 1 << 26),
    ] where value < 1 || value > most {
      throw SeqError.invalidOption(
        name: name, value: "\(value)", reason: "must be from 1 to \(most)")
    }
    guard features >= 0, features <= 1 << 28 else {
      throw SeqError.invalidOption(
        name: "features", value: "\(features)", reason: "must be from 0 to \(1 << 28)")
    }
  }
}
