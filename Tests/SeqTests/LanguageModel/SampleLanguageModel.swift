import Pipeline
import Seq

/// A language model of V = 7 symbols with weights that look random.
enum SampleLanguageModel {
  static func make(
    cell: String = "lstm", layers: Int = 2, tied: Bool = false, end: Int = 1, seed: UInt64 = 8,
    normalization: StackNormalization = .none
  ) throws -> LanguageModel {
    var options = LanguageModelOptions()
    options.cell = cell
    (options.symbols, options.embedding, options.hidden) = (7, tied ? 5 : 4, 5)
    (options.layers, options.tied, options.end) = (layers, tied, end)
    options.normalization = normalization
    let network = try LanguageModelNetwork(options)
    // Rectified units grow without bound where their weights are large.
    let size = cell == "rnn-relu" ? 0.3 : 1.5
    return LanguageModel(
      network: network, parameters: Samples.parameters(network.layout, seed: seed, size: size))
  }

  /// log p of a record and its end, symbol by symbol.
  static func logProbability(_ record: [Int32], _ model: LanguageModel) -> Double {
    var generator = SymbolGenerator(model, seed: 1)
    return (record + [Int32(model.options.end)]).reduce(0) { sum, symbol in
      let log = generator.logProbabilities[Int(symbol)]
      generator.read(symbol)
      return sum + Double(log)
    }
  }
}
