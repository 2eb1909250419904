import Seq
import Testing

/// Outputs and gradients are PyTorch's: within 1e-10 in Double and 1e-5 in Float.
@Suite struct ImageLayersGoldenTests {
  static let tolerances: [Precision] = [.double, .float]

  enum Precision {
    case float, double
    var tolerance: Double { self == .float ? 1e-5 : 1e-10 }
  }

  @Test(
    arguments: [
      ("plain", Window2D(Size2D(3, 2)), 5, true),
      ("strided", Window2D(Size2D(2, 4), stride: Size2D(3, 2), padding: Size2D(1, 3)), 5, true),
      ("no-bias", Window2D(Size2D(4, 3), stride: Size2D(1, 2), padding: Size2D(2, 0)), 4, false),
    ], tolerances)
  func convolutions(
    layer: (name: String, window: Window2D, channels: Int, hasBias: Bool), precision: Precision
  ) throws {
    func check<S: Scalar>(_ type: S.Type) throws {
      var layout = ParameterLayout()
      let conv = Conv2D(
        "c", inputChannels: 3, outputChannels: layer.channels, window: layer.window,
        hasBias: layer.hasBias, in: &layout)
      let golden = try GoldenLayer<S>("conv/\(layer.name)", layout)
      let x = try golden.tensor("x")
      var gradients = Gradients<S>(layout)
      let y = conv.forward(x, golden.weights)
      let dx = conv.backward(
        try golden.tensor("dy"), x: x, golden.weights, into: &gradients)
      #expect(try golden.distance(y: y, dx: dx, gradients) <= precision.tolerance)
      var alone = Gradients<S>(layout)
      conv.addGradients(try golden.tensor("dy"), x: x, into: &alone)
      #expect(layout.parameters.allSatisfy { alone[$0] == gradients[$0] })
    }
    try precision == .float ? check(Float.self) : check(Double.self)
  }

  @Test(
    arguments: [
      ("plain", Size2D(2, 3), nil), ("strided", Size2D(3, 2), Size2D(2, 1)),
    ] as [(String, Size2D, Size2D?)], tolerances)
  func poolings(layer: (name: String, size: Size2D, stride: Size2D?), precision: Precision) throws {
    func check<S: Scalar>(_ type: S.Type) throws {
      let none = Gradients<S>(ParameterLayout())
      var golden = try GoldenLayer<S>("max/\(layer.name)", ParameterLayout())
      let max = MaxPool2D(layer.size, stride: layer.stride)
      let (y, places) = max.forward(try golden.tensor("x"))
      var dx = max.backward(
        try golden.tensor("dy"), places: places, shape: try golden.tensor("x").shape)
      #expect(try golden.distance(y: y, dx: dx, none) <= precision.tolerance)

      golden = try GoldenLayer<S>("average/\(layer.name)", ParameterLayout())
      let average = AveragePool2D(layer.size, stride: layer.stride)
      let mean = average.forward(try golden.tensor("x"))
      dx = average.backward(try golden.tensor("dy"), shape: try golden.tensor("x").shape)
      #expect(try golden.distance(y: mean, dx: dx, none) <= precision.tolerance)
    }
    try precision == .float ? check(Float.self) : check(Double.self)
  }

  @Test(arguments: ["rows", "images"], tolerances)
  func batchNormalisation(kind: String, precision: Precision) throws {
    func check<S: Scalar>(_ type: S.Type) throws {
      for mode in ["training", "inference"] {
        var layout = ParameterLayout()
        let norm = BatchNorm("c", channels: 3, in: &layout)
        let golden = try GoldenLayer<S>("norm/\(kind)/\(mode)", layout)
        var gradients = Gradients<S>(layout)
        let (y, cache) = norm.forward(
          try golden.tensor("x"), golden.weights, inTraining: mode == "training")
        let dx = norm.backward(
          try golden.tensor("dy"), cache, golden.weights, into: &gradients)
        #expect(try golden.distance(y: y, dx: dx, gradients) <= precision.tolerance)
        // Where a gradient would stand is what the running statistics are moved towards.
        for parameter in [norm.runningMean, norm.runningVariance] {
          let name = parameter.name.dropFirst(2)
          let moved = zip(golden.weights.vector[parameter], gradients[parameter])
            .map { $0 + S(BatchNorm.momentum) * ($1 - $0) }
          let after = try golden.file.values("after.\(name)")
          #expect(distance(moved, after) <= precision.tolerance)
        }
      }
    }
    try precision == .float ? check(Float.self) : check(Double.self)
  }

  @Test(arguments: Activation.allCases, tolerances)
  func activations(function: Activation, precision: Precision) throws {
    func check<S: Scalar>(_ type: S.Type) throws {
      let golden = try GoldenLayer<S>("activation/\(function.rawValue)", ParameterLayout())
      var y = try golden.tensor("x")
      function.apply(to: &y)
      var dx = try golden.tensor("dy")
      function.backward(&dx, y: y)
      #expect(
        try golden.distance(y: y, dx: dx, Gradients(ParameterLayout())) <= precision.tolerance)
    }
    try precision == .float ? check(Float.self) : check(Double.self)
  }
}

/// One layer of the golden file: what goes in, and what should come out.
private struct GoldenLayer<S: Scalar> {
  let file: GoldenFile
  let weights: Weights<S>

  /// - Parameter layout: of a layer called `c`.
  init(_ name: String, _ layout: ParameterLayout) throws {
    file = try GoldenFile("images").group(name)
    var vector = ParameterVector<S>(layout)
    for parameter in layout.parameters {
      let name = String(parameter.name.dropFirst(2))
      let key = parameter.role == .statistic ? "before.\(name)" : name
      vector[parameter] = try file.values(key).map { S($0) }
    }
    weights = Weights(vector)
  }

  func tensor(_ name: String) throws -> Tensor<S> { try file.tensor(name) }

  /// The largest distance of output and gradients from PyTorch's; infinite where shapes differ.
  func distance(y: Tensor<S>, dx: Tensor<S>, _ gradients: Gradients<S>) throws -> Double {
    guard try y.shape == file.shape("y"), try dx.shape == file.shape("grad.x") else {
      return .infinity
    }
    var largest = max(
      SeqTests.distance(y.values, try file.values("y")),
      SeqTests.distance(dx.values, try file.values("grad.x")))
    for parameter in gradients.layout.parameters where parameter.role != .statistic {
      let name = "grad.\(parameter.name.dropFirst(2))"
      largest = max(
        largest, SeqTests.distance(gradients[parameter], try file.values(name)))
    }
    return largest
  }
}
