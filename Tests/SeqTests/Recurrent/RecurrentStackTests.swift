import Seq
import Testing

/// Against PyTorch: outputs, final states and every gradient (`Goldens/make_goldens.py`).
@Suite struct RecurrentStackTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let cell: String
    let layers: Int
    let isBidirectional: Bool

    var testDescription: String { "\(cell)/\(layers)/\(isBidirectional ? "bi" : "uni")" }

    static let all = ["rnn", "rnn-relu", "lstm", "gru"].flatMap { cell in
      [(1, false), (2, false), (3, false), (1, true), (2, true)].map {
        Golden(cell: cell, layers: $0, isBidirectional: $1)
      }
    }
  }

  @Test(arguments: Golden.all)
  func equalsPyTorchInDouble(_ golden: Golden) throws {
    try compare(golden, as: Double.self, within: 1e-10)
  }

  @Test(arguments: Golden.all)
  func equalsPyTorchInFloat(_ golden: Golden) throws {
    try compare(golden, as: Float.self, within: 1e-5)
  }

  private func compare<S: Scalar>(
    _ golden: Golden, as type: S.Type, within tolerance: Double
  ) throws {
    let file = try GoldenFile("recurrent").group(golden.testDescription)
    let lengths = SequenceLayout(lengths: [6, 4, 4, 1])
    var layout = ParameterLayout()
    let stack = RecurrentStack(
      cell: try Cells.named(golden.cell), inputSize: 5, hiddenSize: 3, layerCount: golden.layers,
      isBidirectional: golden.isBidirectional, in: &layout)
    var parameters = ParameterVector<S>(layout)
    for parameter in layout.parameters {
      #expect(try file.shape(parameter.name) == parameter.shape)
      parameters[parameter] = try file.values(parameter.name).map { S($0) }
    }
    // Half of the cases on matrices laid out for the kernels.
    var weights = Weights(parameters)
    if golden.layers != 2 {
      for layer in stack.layers.joined() {
        for weight in [layer.weightIH, layer.weightHH] {
          weights.pack(weight)
          weights.pack(weight, transposed: true)
        }
      }
    }
    let x: Tensor<S> = try file.tensor("x")
    let initial: [[RecurrentState<S>]] = try states(file, stack, "h0", "c0")
    let run = stack.run(
      projected: stack.layers[0].map { $0.project(x, weights) }, lengths, from: initial, weights,
      keepsCache: true)
    var gradients = Gradients<S>(layout)
    let (dProjected, dInitial) = stack.runBackward(
      try file.tensor("dOutput"), final: try states(file, stack, "dHidden", "dCell"), run, lengths,
      weights, into: &gradients)
    var dx = Tensor<S>(zeros: x.shape)
    for (layer, d) in zip(stack.layers[0], dProjected) {
      dx.add(layer.projectBackward(d, input: x, weights, into: &gradients))
    }

    func check(_ values: [S], _ name: String) throws {
      #expect(distance(values, try file.values(name)) <= tolerance, "\(name)")
    }
    try check(run.output.values, "output")
    try check(run.final.joined().flatMap(\.hidden.values), "hn")
    try check(dx.values, "grad.x")
    try check(dInitial.joined().flatMap(\.hidden.values), "grad.h0")
    if golden.cell == "lstm" {
      try check(run.final.joined().flatMap(\.cell.values), "cn")
      try check(dInitial.joined().flatMap(\.cell.values), "grad.c0")
    }
    for parameter in layout.parameters {
      try check(gradients[parameter], "grad.\(parameter.name)")
    }
  }

  /// PyTorch's `[layers directions, N, H]` as one state per layer and direction.
  private func states<S: Scalar>(
    _ file: GoldenFile, _ stack: RecurrentStack, _ hidden: String, _ cell: String
  ) throws -> [[RecurrentState<S>]] {
    let shape = try file.shape(hidden)
    let size = shape[1] * shape[2]
    func part(_ name: String, _ index: Int) throws -> Tensor<S> {
      let values = try file.values(name)[index * size..<(index + 1) * size].map { S($0) }
      return Tensor([shape[1], shape[2]], Array(values))
    }
    return try stack.layers.enumerated().map { l, directions in
      try directions.enumerated().map { d, layer in
        let index = l * directions.count + d
        return RecurrentState(
          hidden: try part(hidden, index),
          cell: layer.cell.stateCount > 1
            ? try part(cell, index) : Tensor(zeros: [0, layer.hiddenSize]))
      }
    }
  }

  @Test func inferenceEqualsTrainingBitForBit() throws {
    let sequences = SequenceLayout(lengths: [9, 7, 7, 2])
    for cell in Cells.all {
      var layout = ParameterLayout()
      let stack = RecurrentStack(
        cell: cell, inputSize: 4, hiddenSize: 19, layerCount: 2, isBidirectional: true,
        in: &layout)
      let weights = Weights(Samples.parameters(layout, seed: 4) as ParameterVector<Float>)
      let x: Tensor<Float> = Samples.uniform([25, 4], seed: 5)
      let projected = stack.layers[0].map { $0.project(x, weights) }
      let training = stack.run(projected: projected, sequences, weights, keepsCache: true)
      let inference = stack.run(projected: projected, sequences, weights, keepsCache: false)
      #expect(training.output == inference.output, "\(cell.name)")
      #expect(training.final == inference.final, "\(cell.name)")
    }
  }
}
