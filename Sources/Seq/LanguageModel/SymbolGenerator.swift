/// Writes symbols one after the other, each drawn from the distribution that a language model gives
/// after those before. A value: a copy goes on from the same place by itself.
public struct SymbolGenerator: Sendable {
  private let reader: LanguageModelReader
  private var state: [[RecurrentState<Float>]]
  private var random: RandomGenerator
  /// The logits of the next symbol, V numbers.
  public private(set) var logits: [Float]

  /// Begins after a record's end.
  public init(_ model: LanguageModel, seed: UInt64) {
    self.init(LanguageModelReader(model), seed: seed)
  }

  package init(_ reader: LanguageModelReader, seed: UInt64) {
    self.reader = reader
    random = RandomGenerator(seed: seed, stream: 0x6765_6e65)
    state = reader.network.initialState(1)
    logits = []
    read(Int32(reader.network.options.end))
  }

  /// Goes on as if `symbol` had been drawn.
  ///
  /// - Precondition: it is one of the model's.
  public mutating func read(_ symbol: Int32) {
    precondition((0..<Int32(reader.network.options.symbols)).contains(symbol), "no such symbol")
    logits = reader.read([symbol], from: &state).values
  }

  /// Draws the next symbol and goes on after it.
  public mutating func next(_ options: SamplingOptions) -> Int32 {
    let symbol = options.draw(logits, using: &random)
    read(symbol)
    return symbol
  }

  /// log p of every next symbol, in nats.
  public var logProbabilities: [Float] {
    var values = Tensor<Float>([1, logits.count], logits)
    Float.logSoftmax(values.mutablePointer, rows: 1, columns: logits.count)
    return values.values
  }
}
