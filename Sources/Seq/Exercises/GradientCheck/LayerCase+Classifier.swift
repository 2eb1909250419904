import Pipeline

/// The whole network of a classifier, dropout masks fixed by the seed. (Without dropout it is held
/// against PyTorch.)
extension LayerCase {
  static var classifiers: [LayerCase] {
    get throws {
      try Cells.all.flatMap { cell in
        try [
          classifier(cell.name, ClassifierDropout(every: 0.4), usesTables: true),
          classifier(cell.name, ClassifierDropout(every: 0.4), usesTables: false),
          classifier(
            cell.name, ClassifierDropout(every: 0.4, variational: 0.3), usesTables: false),
        ]
      }
    }
  }

  /// V = 7, D = 5, H = 3 in two layers both ways, K = 4, F = 8.
  private static func classifier(
    _ cell: String, _ dropout: ClassifierDropout, usesTables: Bool
  ) throws -> LayerCase {
    var options = ClassifierOptions()
    options.cell = cell
    (options.symbols, options.embedding, options.hidden) = (7, 5, 3)
    (options.layers, options.bidirectional, options.features) = (2, true, 8)
    options.pooling = "max+mean+last+attention"
    options.maximumLength = 6
    let network = try ClassifierNetwork(options, classCount: 4)
    let chunk = Samples.chunk(
      [[3, 1], [], [6, 5, 4, 3, 2, 1, 0, 6], [2, 2, 2], [1, 4, 0, 5]],
      features: [[1, 7, 7], [], [0, 2, 3, 4, 5], [6], [3, 3]])
    let batch = ClassifierBatch(chunk, records: 0..<5, maximumLength: options.maximumLength)
    let targets: Tensor<Double> = SoftmaxCrossEntropy.oneHot([3, 0, 1, 2, 3], count: 4)
    let tableMask: Tensor<Double>? =
      dropout.embedding.probability > 0 ? .mask([7, 5], seed: 77) : nil
    let kind = dropout.variational.probability > 0 ? " variational" : ""
    return LayerCase(
      name: "\(cell) classifier, dropout \(dropout.head.probability)\(kind)"
        + (usesTables ? ", tables" : ""), layout: network.layout, inputs: []
    ) { _, plain in
      let weights = network.weights(plain.vector, forTraining: true)
      var gradients = Gradients<Double>(network.layout)
      var random = RandomGenerator(seed: 9)
      let projections = usesTables ? network.projections(weights, mask: tableMask) : nil
      let loss = network.lossAndGradients(
        batch, targets: targets, projections, dropout: dropout, scale: 4, weights, using: &random,
        into: &gradients)
      projections?.finishBackward(weights, into: &gradients)
      let found = gradients
      return Forward(loss: 4 * loss) { gradients in
        for parameter in network.layout.parameters {
          gradients.vector[parameter] = zip(gradients[parameter], found[parameter]).map { $0 + $1 }
        }
        return []
      }
    }
  }
}

extension ClassifierDropout {
  package init(every probability: Double = 0, variational: Double = 0) {
    self.init(
      embedding: Dropout(probability), between: Dropout(probability), head: Dropout(probability),
      features: Dropout(probability), variational: Dropout(variational))
  }
}
