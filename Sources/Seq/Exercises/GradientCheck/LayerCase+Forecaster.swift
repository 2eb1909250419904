import Pipeline

/// The whole network of a forecaster, masks fixed by the seed.
extension LayerCase {
  static var forecasters: [LayerCase] {
    get throws {
      try Cells.all.flatMap { cell in
        try [
          forecaster(cell.name, "plain", StackDropout()),
          forecaster(cell.name, "dropout", StackDropout(layers: 0.3)),
          forecaster(cell.name, "variational", StackDropout(variational: 0.3)),
        ]
      }
    }
  }

  /// D = 2, H = 5 in two layers, N = 3 windows of 6 rows, 4 steps foretold.
  private static func forecaster(
    _ cell: String, _ kind: String, _ dropout: StackDropout
  ) throws -> LayerCase {
    var options = ForecasterOptions()
    (options.cell, options.hidden, options.layers) = (cell, 5, 2)
    (options.inputs, options.window, options.horizon) = (2, 6, 4)
    let network = try ForecasterNetwork(options)
    let x: Tensor<Double> = Samples.uniform([18, 2], seed: 51)
    let y: Tensor<Double> = Samples.uniform([3, 4], seed: 52)
    return LayerCase(
      name: "\(cell) forecaster, \(kind)", layout: network.layout, inputs: []
    ) { _, plain in
      var gradients = Gradients<Double>(network.layout)
      var random = RandomGenerator(seed: 9)
      let loss = network.lossAndGradients(
        x, targets: y, dropout: dropout, scale: 0.5,
        network.weights(plain.vector, forTraining: true), using: &random, into: &gradients)
      let found = gradients
      return Forward(loss: 0.5 * loss) { gradients in
        gradients.add(found)
        return []
      }
    }
  }
}
