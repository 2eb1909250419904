import Pipeline
import Seq
import Testing

@Suite struct OptimizerTests {
  enum Variant: String, CaseIterable, Sendable { case plain, decay, norm, value, all }

  /// Ten steps of each rule in PyTorch (`Goldens/make_goldens.py`).
  @Test(arguments: UpdateRules.all.map(\.name), Variant.allCases)
  func equalsPyTorchInDouble(rule: String, variant: Variant) throws {
    try compare(rule, variant, as: Double.self, within: 1e-10)
  }

  @Test(arguments: UpdateRules.all.map(\.name), Variant.allCases)
  func equalsPyTorchInFloat(rule: String, variant: Variant) throws {
    try compare(rule, variant, as: Float.self, within: 1e-5)
  }

  private func compare<S: Scalar>(
    _ rule: String, _ variant: Variant, as type: S.Type, within tolerance: Double
  ) throws {
    let file = try GoldenFile("optimisers")
    var layout = ParameterLayout()
    let weight = layout.add("weight", [4, 3])
    let bias = layout.add("bias", [4], .bias)
    var parameters = ParameterVector<S>(layout)
    let start = try file.values("start").map { S($0) }
    (parameters[weight], parameters[bias]) = (Array(start[..<12]), Array(start[12...]))
    var optimizer = Optimizer<S>(
      try UpdateRules.named(rule), for: layout,
      l2: variant == .decay || variant == .all ? 0.1 : 0,
      clipNorm: variant == .norm || variant == .all ? 2.5 : 0,
      clipValue: variant == .value || variant == .all ? 0.5 : 0)
    let gradients = try file.values("gradients").map { S($0) }
    var trajectory: [S] = []
    for step in 0..<10 {
      let g = gradients[step * 16..<step * 16 + 16]
      var gradient = Gradients<S>(layout)
      (gradient.vector[weight], gradient.vector[bias]) = (Array(g.prefix(12)), Array(g.suffix(4)))
      optimizer.apply(&gradient, to: &parameters, learningRate: 0.05)
      trajectory += parameters[weight] + parameters[bias]
    }
    #expect(optimizer.step == 10)
    let expected = try file.values("\(rule)/\(variant.rawValue)")
    #expect(distance(trajectory, expected) <= tolerance)
  }

  @Test func theNormBeforeClippingIsReturned() throws {
    var layout = ParameterLayout()
    let weight = layout.add("weight", [2, 1])
    var parameters = ParameterVector<Double>(layout)
    var gradients = Gradients<Double>(layout)
    gradients.vector[weight] = [3, -4]
    var optimizer = Optimizer<Double>(GradientDescent(), for: layout, clipNorm: 1)
    #expect(optimizer.apply(&gradients, to: &parameters, learningRate: 1) == 5)
    #expect(distance(parameters[weight], [-0.6, 0.8]) < 1e-6)
  }

  @Test func l1AddsTheSignOfWeightsAlone() throws {
    var layout = ParameterLayout()
    let weight = layout.add("weight", [3, 1])
    let bias = layout.add("bias", [1], .bias)
    let table = layout.add("table", [2, 1], .sparseTable)
    var parameters = ParameterVector<Double>(layout)
    parameters[weight] = [2, -2, 0]
    (parameters[bias], parameters[table]) = ([2], [2, 2])
    var gradients = Gradients<Double>(layout)
    gradients.vector[weight] = [1, 1, 0]
    var optimizer = Optimizer<Double>(GradientDescent(), for: layout, l1: 0.25)
    optimizer.apply(&gradients, to: &parameters, learningRate: 0.5)
    #expect(parameters[weight] == [2 - 0.5 * 1.25, -2 - 0.5 * 0.75, 0])
    #expect(parameters[bias] == [2])
    #expect(parameters[table] == [2, 2])
  }

  @Test(arguments: UpdateRules.all.map(\.name))
  func onlyTouchedRowsOfASparseTableMove(rule: String) throws {
    var layout = ParameterLayout()
    let linear = Linear("dense", inputs: 2, outputs: 3, in: &layout)
    let bag = FeatureBag("table", features: 6, classes: 3, in: &layout)
    var parameters: ParameterVector<Float> = Samples.parameters(layout, seed: 2)
    let start = parameters
    var optimizer = Optimizer<Float>(try UpdateRules.named(rule), for: layout, l1: 0.01, l2: 0.1)
    // Row 1 twice, row 4 once, row 0 in the first step only.
    for features: [Int32] in [[1, 4, 0], [4, 1, 1], [1, 4]] {
      var gradients = Gradients<Float>(layout)
      gradients.vector[linear.weight] = [1, 2, 3, 4, 5, 6]
      bag.backward(
        Samples.weights([1, 3], phase: 1),
        FeatureBags(ids: features, recordEnds: [UInt32(features.count)]), into: &gradients)
      optimizer.apply(&gradients, to: &parameters, learningRate: 0.1)
    }
    let (before, after) = (start[bag.weight], parameters[bag.weight])
    for row in 0..<6 {
      let range = row * 3..<row * 3 + 3
      let moved = before[range] != after[range]
      #expect(moved == [0, 1, 4].contains(row), "row \(row)")
    }
    #expect(parameters[linear.weight] != start[linear.weight])
  }

  @Test func aSparseRowMovesAsADenseOneWould() throws {
    var layout = ParameterLayout()
    let bag = FeatureBag("table", features: 3, classes: 2, in: &layout)
    var denseLayout = ParameterLayout()
    let row = denseLayout.add("row", [1, 2])
    var (sparse, dense) = (
      ParameterVector<Double>(layout), ParameterVector<Double>(denseLayout)
    )
    var (first, second) = (
      Optimizer<Double>(Adam(isDecoupled: true), for: layout),
      Optimizer<Double>(Adam(isDecoupled: true), for: denseLayout)
    )
    for step in 1...5 {
      let d: Tensor<Double> = Samples.weights([1, 2], phase: Double(step))
      var gradients = Gradients<Double>(layout)
      bag.backward(d, FeatureBags(ids: [2], recordEnds: [1]), into: &gradients)
      first.apply(&gradients, to: &sparse, learningRate: 0.1)
      var same = Gradients<Double>(denseLayout)
      same.vector[row] = d.values
      second.apply(&same, to: &dense, learningRate: 0.1)
    }
    #expect(Array(sparse[bag.weight].suffix(2)) == dense[row])
    #expect(sparse[bag.weight].prefix(4).allSatisfy { $0 == 0 })
  }
}
