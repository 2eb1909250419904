/// The whole network of an image classifier, dropout masks fixed by the seed. Rectified units and max
/// pooling, of which so many always have some near a kink, are checked by themselves and in PyTorch's
/// company.
extension LayerCase {
  static var imageClassifiers: [LayerCase] {
    get throws {
      try [
        lenet(batchNorm: true, dropout: 0), lenet(batchNorm: true, dropout: 0.3),
        lenet(batchNorm: false, dropout: 0.3),
      ]
    }
  }

  /// Two channels of 13 by 12 pixels, 3 and 4 maps, 6 and 5 units, 7 classes, 4 images.
  private static func lenet(batchNorm: Bool, dropout: Double) throws -> LayerCase {
    var options = LeNetOptions()
    (options.height, options.width, options.channels) = (13, 12, 2)
    (options.firstMaps, options.secondMaps) = (3, 4)
    (options.firstHidden, options.secondHidden) = (6, 5)
    (options.activation, options.pooling, options.batchNorm) = (.tanh, .average, batchNorm)
    let network = try LeNetNetwork(options, classCount: 7)
    let x: Tensor<Double> = Samples.uniform([4, 2, 13, 12], seed: 51)
    return LayerCase(
      name: "lenet, dropout \(dropout)" + (batchNorm ? ", batch normalisation" : ""),
      layout: network.layout, inputs: [],
      unused: batchNorm ? Self.cancelledBiases : []
    ) { _, plain in
      let weights = network.weights(plain.vector, forTraining: true)
      var gradients = Gradients<Double>(network.layout)
      var random = RandomGenerator(seed: 8)
      let loss = network.lossAndGradients(
        x, classes: [6, 0, 3, 1], dropout: Dropout(dropout), scale: 3, share: 1, weights,
        using: &random, into: &gradients)
      let found = gradients
      return Forward(loss: 3 * loss) { gradients in
        for parameter in network.layout.parameters {
          gradients.vector[parameter] = zip(gradients[parameter], found[parameter]).map { $0 + $1 }
        }
        return []
      }
    }
  }

  /// What is added before a normalisation, the normalisation takes away again.
  private static let cancelledBiases: Set = ["conv1.bias", "conv2.bias", "fc1.bias", "fc2.bias"]
}
