import Seq
import TestSupport
import Testing

@Suite struct GradientsTests {
  /// One table for all: a new layer or cell is one row.
  static var cases: [LayerCase] {
    get throws {
      try LayerCase.layers + LayerCase.recurrent + LayerCase.classifiers + LayerCase.languageModels
    }
  }

  @Test(arguments: try cases)
  func agreeWithCentralDifferences(_ layer: LayerCase) throws {
    let variables = layer.variables(seed: 21)
    let point = variables.map(\.values)
    var gradients = Gradients<Double>(layer.layout)
    let dInputs = try layer(point, packs: false).backward(&gradients)
    let analytic = dInputs.map(\.values) + layer.layout.parameters.map { gradients[$0] }
    try #require(analytic.count == variables.count)
    let findings = try GradientChecker().check(variables, gradients: analytic) {
      try layer($0, packs: false).loss
    }
    for finding in findings {
      #expect(finding.error <= 1e-6, "\(finding.name)[\(finding.index)]")
      let isUsed = !layer.unused.contains(finding.name)
      #expect((finding.largestGradient > 2e-4) == isUsed, "\(finding.name)")
    }
  }

  /// Also: matrices laid out for the kernels give the same numbers.
  @Test(arguments: try cases)
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
