import Seq
import Testing

/// The whole network with PyTorch's weights gives PyTorch's logits, loss and gradients.
@Suite struct LeNetGoldenTests {
  @Test(arguments: ["norm", "plain"], [false, true])
  func logitsAndGradientsArePyTorchs(kind: String, inFloat: Bool) throws {
    func check<S: Scalar>(_ type: S.Type, _ tolerance: Double) throws {
      let golden = try GoldenFile("images").group("lenet/\(kind)")
      var options = LeNetOptions()
      (options.height, options.width, options.channels) = (13, 14, 2)
      (options.firstMaps, options.secondMaps) = (3, 5)
      (options.firstHidden, options.secondHidden) = (11, 7)
      options.batchNorm = kind == "norm"
      (options.activation, options.pooling) = kind == "norm" ? (.relu, .max) : (.tanh, .average)
      let network = try LeNetNetwork(options, classCount: 4)
      var vector = ParameterVector<S>(network.layout)
      for parameter in network.layout.parameters {
        vector[parameter] = try golden.values(parameter.name).map { S($0) }
      }
      let weights = network.weights(vector, forTraining: true)
      let x: Tensor<S> = try golden.tensor("x")
      #expect(
        distance(network.logits(x, weights).values, try golden.values("inference")) <= tolerance)
      var gradients = Gradients<S>(network.layout)
      var random = RandomGenerator(seed: 1)
      let loss = network.lossAndGradients(
        x, classes: try golden.integers("classes"), dropout: Dropout(0), scale: 1, share: 1,
        weights, using: &random, into: &gradients)
      #expect(abs(loss - (try golden.values("loss"))[0]) <= 6 * tolerance)
      for parameter in network.layout.parameters where parameter.role != .statistic {
        let expected = try golden.values("grad.\(parameter.name)")
        #expect(distance(gradients[parameter], expected) <= tolerance, "\(parameter.name)")
      }
    }
    try inFloat ? check(Float.self, 1e-5) : check(Double.self, 1e-10)
  }
}
