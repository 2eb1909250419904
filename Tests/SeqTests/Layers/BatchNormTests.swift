import Seq
import Testing

@Suite struct BatchNormTests {
  private func layer(_ channels: Int) -> (BatchNorm, ParameterLayout, ParameterVector<Float>) {
    var layout = ParameterLayout()
    let norm = BatchNorm("bn", channels: channels, in: &layout)
    var vector = ParameterVector<Float>(layout)
    vector[norm.weight] = [Float](repeating: 1, count: channels)
    vector[norm.runningVariance] = [Float](repeating: 1, count: channels)
    return (norm, layout, vector)
  }

  @Test func namesAreThoseOfPyTorch() {
    let layout = layer(2).1
    #expect(
      layout.parameters.map(\.name) == [
        "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var",
      ])
  }

  @Test func normalisesEachChannel() {
    let (norm, _, vector) = layer(3)
    let x: Tensor<Float> = Samples.uniform([40, 3], seed: 1, size: 5)
    let (y, _) = norm.forward(x, Weights(vector), inTraining: true)
    for c in 0..<3 {
      let column = (0..<40).map { Double(y[$0, c]) }
      let mean = column.reduce(0, +) / 40
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40
      #expect(abs(mean) < 1e-6 && abs(variance - 1) < 1e-4)
    }
  }

  /// A large offset must not eat the digits of the variance.
  @Test func farFromZeroNothingIsLost() {
    let (norm, _, vector) = layer(1)
    let values: [Float] = [4096, 4097, 4098, 4099]
    let (y, _) = norm.forward(Tensor([4, 1], values), Weights(vector), inTraining: true)
    let expected = [-1.5, -0.5, 0.5, 1.5].map { $0 / (1.25 + 1e-5).squareRoot() }
    #expect(distance(y.values, expected) < 1e-6)
  }

  /// One number has no variance: the running statistics stand in, and stay as they are.
  @Test func aSingleNumberTakesTheRunningStatistics() {
    let (norm, layout, start) = layer(2)
    var vector = start
    vector[norm.runningMean] = [1, -1]
    vector[norm.runningVariance] = [4, 9]
    let weights = Weights(vector)
    let (y, cache) = norm.forward(Tensor([1, 2], [3, 5]), weights, inTraining: true)
    #expect(distance(y.values, [1, 2]) < 1e-5)
    var gradients = Gradients<Float>(layout)
    _ = norm.backward(Tensor([1, 2], [1, 1]), cache, weights, into: &gradients)
    #expect(gradients[norm.runningMean] == [1, -1])
    #expect(gradients[norm.runningVariance] == [4, 9])
  }

  /// No optimiser moves a statistic, no norm counts it, and none of it decays.
  @Test func statisticsAreNoGradients() {
    let (norm, layout, vector) = layer(2)
    var gradients = Gradients<Float>(layout)
    let weights = Weights(vector)
    let (_, cache) = norm.forward(
      Tensor([2, 2], [1, 50, 3, 90]), weights, inTraining: true)
    _ = norm.backward(Tensor([2, 2], [3, 0, 0, 4]), cache, weights, into: &gradients)
    let learnt = gradients[norm.weight] + gradients[norm.bias]
    let square = learnt.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(gradients.norm - square.squareRoot()) < 1e-6)
    var parameters = vector
    var optimizer = Optimizer<Float>(Adam(isDecoupled: true), for: layout, l1: 0.1, l2: 0.5)
    optimizer.apply(&gradients, to: &parameters, learningRate: 0.1)
    #expect(parameters[norm.runningMean] == vector[norm.runningMean])
    #expect(parameters[norm.runningVariance] == vector[norm.runningVariance])
    #expect(parameters[norm.weight] != vector[norm.weight])
  }
}
