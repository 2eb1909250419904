import Seq
import Testing

@Suite struct GradientsTests {
  @Test(arguments: try LayerCase.all)
  func agreeWithCentralDifferences(_ layer: LayerCase) throws {
    let findings = try layer.check(seed: 21)
    try #require(findings.count == layer.inputs.count + layer.learnt.count)
    for finding in findings {
      #expect(finding.error <= 1e-6, "\(finding.name)[\(finding.index)]")
      let isUsed = !layer.unused.contains(finding.name)
      #expect((finding.largestGradient > 2e-4) == isUsed, "\(finding.name)")
    }
  }

  /// Also: matrices laid out for the kernels give the same numbers.
  @Test(arguments: try LayerCase.all)
  func backwardPassesAdd(_ layer: LayerCase) throws {
    let point = layer.variables(seed: 22).map(\.values)
    var once = Gradients<Double>(layer.layout)
    _ = try layer(point, packs: true).backward(&once)
    var twice = Gradients<Double>(layer.layout)
    for packs in [false, true] { _ = try layer(point, packs: packs).backward(&twice) }
    for parameter in layer.layout.parameters {
      #expect(distance(twice[parameter], once[parameter].map { 2 * $0 }) <= 1e-12)
    }
  }

  @Test(arguments: [5, 300, 2_049], [1, 2])
  func productsLeftForLaterAddTheSame(outputs: Int, times: Int) {
    var layout = ParameterLayout()
    _ = layout.add("before", [7])
    let weight = layout.add("weight", [outputs, 3])
    _ = layout.add("after", [2])
    var numbers = TestNumbers(seed: outputs)
    let dy = Tensor<Float>([4, outputs], numbers.array(4 * outputs))
    let x = Tensor<Float>([4, 3], numbers.array(12))

    var atOnce = Gradients<Float>(layout)
    var later = Gradients<Float>(layout)
    // What was there before is neither added to nor kept.
    for parameter in layout.parameters {
      later.vector[parameter] = [Float](repeating: .nan, count: parameter.count)
    }
    later.reset(leavesProducts: true)
    for _ in 0..<times {
      atOnce.addOuterProduct(dy, x, to: weight)
      later.addOuterProduct(dy, x, to: weight)
    }
    let pieces = later.takeProducts()
    #expect(pieces.flatMap(\.outputs) == Array(0..<outputs))
    for piece in pieces { piece.add() }
    #expect(later.takeProducts().isEmpty)
    for parameter in layout.parameters {
      expectClose(later[parameter], atOnce[parameter].map(Double.init), tolerance: 1e-6)
    }
    #expect(atOnce[weight].contains { abs($0) > 0.1 })
  }

  @Test func aWrongGradientIsFound() {
    let variables = [
      GradientChecker.Variable("x", [0.5, -1.5]), GradientChecker.Variable("y", [2]),
    ]
    func loss(_ point: [[Double]]) -> Double {
      point[0][0] * point[0][0] * point[1][0] + point[0][1]
    }
    let right = GradientChecker().check(variables, gradients: [[2, 1], [0.25]], loss: loss)
    #expect(right.allSatisfy { $0.error < 1e-8 })
    #expect(abs(right[0].largestGradient - 2) < 1e-6)
    let wrong = GradientChecker().check(variables, gradients: [[2, 1.001], [.nan]], loss: loss)
    #expect(wrong[0].error > 1e-4 && wrong[0].index == 1)
    #expect(wrong[1].error.isNaN)
  }
}

extension LayerCase: CustomTestStringConvertible {
  public var testDescription: String { name }
}
