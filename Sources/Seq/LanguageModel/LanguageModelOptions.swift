public import Pipeline

/// The architecture of a `LanguageModel`.
public struct LanguageModelOptions: StageOptions {
  /// `rnn`, `rnn-relu`, `lstm` or `gru`.
  public var cell = "lstm"
  /// H: units of a hidden state.
  public var hidden = 256
  /// D: numbers per embedded symbol.
  public var embedding = 128
  public var layers = 2
  /// What happens between the layers and before the output.
  public var normalization = StackNormalization.none
  /// Whether the output weights are the embedding itself (Press and Wolf, 2017); then D = H.
  public var tied = false
  /// V: the number of symbols.
  public var symbols = 0
  /// The symbol that ends a record; a record is predicted from it.
  public var end = 0

  public init() {}

  static let descriptors: [OptionDescriptor] = [
    OptionDescriptor("cell", "the recurrent cell", choices: Cells.all.map(\.name)),
    OptionDescriptor("hidden", "units of a hidden state (H)"),
    OptionDescriptor("embedding", "numbers per embedded symbol (D)"),
    OptionDescriptor("layers", "recurrent layers, one above the other"),
    OptionDescriptor(
      "normalization", "what each layer's output goes through",
      choices: StackNormalization.allCases.map(\.rawValue)),
    OptionDescriptor("tied", "whether the output weights are the embedding (D = H)"),
    OptionDescriptor("symbols", "size of the vocabulary (V)"),
    OptionDescriptor("end", "the symbol that ends a record"),
  ]

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`, `SeqError.unknownName`.
  public func validate() throws {
    _ = try Cells.named(cell)
    for (name, value, most) in [
      ("hidden", hidden, 1 << 14), ("embedding", embedding, 1 << 14), ("layers", layers, 64),
      ("symbols", symbols, 1 << 26),
    ] where value < 1 || value > most {
      throw SeqError.invalidOption(
        name: name, value: "\(value)", reason: "must be from 1 to \(most)")
    }
    guard (0..<symbols).contains(end) else {
      throw SeqError.invalidOption(
        name: "end", value: "\(end)", reason: "must be a symbol, less than \(symbols)")
    }
    guard !tied || embedding == hidden else {
      throw SeqError.invalidOption(
        name: "embedding", value: "\(embedding)",
        reason: "must be the hidden size, \(hidden), where the output weights are tied to it")
    }
  }
}
