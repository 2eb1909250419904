import Pipeline

/// The whole network of a language model, from states that are not zero, masks fixed by the seed.
extension LayerCase {
  static var languageModels: [LayerCase] {
    get throws {
      var all = LanguageModelRegularization()
      (all.variationalDropout, all.embeddingDropout) = (0.3, 0.2)
      (all.activation, all.temporalActivation) = (2, 1.5)
      var dropped = LanguageModelRegularization()
      (dropped.dropout, dropped.weightDropout, dropped.embeddingDropout) = (0.3, 0.4, 0.2)
      return try Cells.all.flatMap { cell in
        try [
          languageModel(cell.name, "plain", .init(), tied: false, usesTable: true),
          languageModel(cell.name, "plain", .init(), tied: true, usesTable: false),
          languageModel(cell.name, "penalties", all, tied: false, usesTable: false),
          languageModel(cell.name, "dropped weights", dropped, tied: true, usesTable: true),
          languageModel(cell.name, "dropped weights", dropped, tied: false, usesTable: false),
          languageModel(
            cell.name, "layer norm", all, tied: false, usesTable: false, normalization: .layer),
          languageModel(
            cell.name, "batch norm", all, tied: false, usesTable: true, normalization: .batch),
        ]
      }
    }
  }

  /// V = 6, D = 4 (3 where tied), H = 3 in two layers, N = 2 streams of 5 and 4 steps.
  private static func languageModel(
    _ cell: String, _ kind: String, _ r: LanguageModelRegularization, tied: Bool, usesTable: Bool,
    normalization: StackNormalization = .none
  ) throws -> LayerCase {
    var options = LanguageModelOptions()
    options.cell = cell
    (options.symbols, options.embedding, options.hidden, options.layers) = (6, tied ? 3 : 4, 3, 2)
    (options.tied, options.end, options.normalization) = (tied, 1, normalization)
    let network = try LanguageModelNetwork(options)
    let window = SymbolStreams([3, 5, 0, 2, 2, 4, 1, 3, 0], count: 2, end: 1)
      .window(0..<5, of: [0, 1])
    return LayerCase(
      name: "\(cell) language model, \(kind)\(tied ? ", tied" : "")\(usesTable ? ", table" : "")",
      layout: network.layout, inputs: []
    ) { _, plain in
      var random = RandomGenerator(seed: 5)
      let masks: WeightMasks<Double> = network.weightMasks(r, using: &random)
      let weights = network.weights(plain.vector, masks: masks)
      let table =
        usesTable ? network.trainingTable(r, masks, rows: 9, weights, using: &random) : nil
      var gradients = Gradients<Double>(network.layout)
      var state: [[RecurrentState<Double>]] = network.initialState(2)
      for l in state.indices {
        state[l][0].hidden = Samples.uniform([2, 3], seed: 30 + UInt64(l))
        if state[l][0].cell.rows > 0 {
          state[l][0].cell = Samples.uniform([2, 3], seed: 40 + UInt64(l))
        }
      }
      let (loss, penalty) = network.lossAndGradients(
        window, from: &state, table, r, masks, scale: 4, weights, using: &random,
        into: &gradients)
      table?.finishBackward(weights, into: &gradients)
      network.apply(masks, to: &gradients)
      let found = gradients
      return Forward(loss: 4 * loss + penalty) { gradients in
        for parameter in network.layout.parameters {
          gradients.vector[parameter] = zip(gradients[parameter], found[parameter]).map { $0 + $1 }
        }
        return []
      }
    }
  }
}
