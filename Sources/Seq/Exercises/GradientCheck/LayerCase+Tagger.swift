import Pipeline

/// The conditional random field by itself, and the whole network of a tagger, masks fixed by the seed.
extension LayerCase {
  static var taggers: [LayerCase] {
    get throws {
      let dropped = TaggerDropout(layers: 0.3, words: 0.3)
      return try [crf]
        + Cells.all.flatMap { cell in
          try [
            tagger(cell.name, .crf, "plain", TaggerDropout()),
            tagger(cell.name, .softmax, "dropout", dropped),
            tagger(cell.name, .crf, "variational", TaggerDropout(variational: 0.3)),
            tagger(cell.name, .crf, "unspelled", dropped, spells: false),
          ]
        }
    }
  }

  /// K = 4, sentences of 5, 3 and 1 tokens.
  private static var crf: LayerCase {
    var layout = ParameterLayout()
    let crf = LinearChainCRF("crf", tags: 4, in: &layout)
    let sentences = SequenceLayout(lengths: [5, 3, 1])
    return LayerCase(
      name: "conditional random field", layout: layout, inputs: [("z", [9, 4])]
    ) { inputs, weights in
      var z = inputs[0]
      var gradients = Gradients<Double>(weights.vector.layout)
      let loss = crf.lossAndGradient(
        &z, tags: [3, 0, 2, 1, 1, 3, 0, 2, 2], sentences, scale: 3, weights, into: &gradients)
      let (dz, found) = (z, gradients)
      return Forward(loss: 3 * loss) { gradients in
        gradients.add(found)
        return [dz]
      }
    }
  }

  /// V = 7, D = 5, C = 6 characters of 4 numbers, 2 units that spell, H = 3 in two layers both ways,
  /// K = 4.
  private static func tagger(
    _ cell: String, _ decoder: TaggerOptions.Decoder, _ kind: String, _ dropout: TaggerDropout,
    spells: Bool = true
  ) throws -> LayerCase {
    var options = TaggerOptions()
    (options.cell, options.decoder) = (cell, decoder)
    (options.symbols, options.embedding, options.hidden, options.layers) = (7, 5, 3, 2)
    (options.characters, options.characterEmbedding) = (6, 4)
    options.characterHidden = spells ? 2 : 0
    (options.unknown, options.maximumLength) = (1, 4)
    let network = try TaggerNetwork(options, tagCount: 4)
    var chunk = Samples.chunk([[3, 1], [6, 5, 4, 3, 2, 0], [], [2, 2, 2]])
    let spelled = Samples.chunk(
      [[5], [1, 2], [4, 3, 2], [], [0, 5], [2, 2], [1], [3], [1, 2], [1, 2], [4]])
    chunk.spelling = spells ? Spelling(ids: spelled.ids, tokenEnds: spelled.recordEnds) : nil
    let batch = TaggerBatch(
      chunk, sentences: chunk.sentences(maximumLength: options.maximumLength))
    let tags = batch.rows(of: [3, 0, 1, 2, 3, 0, 2, 1, 1, 0, 3])
    return LayerCase(
      name: "\(cell) tagger, \(decoder.rawValue), \(kind)", layout: network.layout, inputs: []
    ) { _, plain in
      let weights = network.weights(plain.vector, forTraining: true)
      var gradients = Gradients<Double>(network.layout)
      var random = RandomGenerator(seed: 9)
      let projections = network.projections(weights)
      let loss = network.lossAndGradients(
        batch, tags: tags, projections, dropout: dropout, scale: 4, weights, using: &random,
        into: &gradients)
      projections.finishBackward(weights, into: &gradients)
      let found = gradients
      return Forward(loss: 4 * loss) { gradients in
        gradients.add(found)
        return []
      }
    }
  }
}
