import Pipeline
import Seq
import Testing

/// Whole classifiers against PyTorch (`Goldens/make_goldens.py`).
@Suite struct ClassifierNetworkTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let cell: String
    let layers: Int
    let isBidirectional: Bool
    let pooling: String

    var testDescription: String {
      "\(cell)/\(layers)/\(isBidirectional ? "bi" : "uni")/\(pooling)"
    }

    static let all = [
      Golden(cell: "lstm", layers: 1, isBidirectional: false, pooling: "max"),
      Golden(cell: "lstm", layers: 2, isBidirectional: true, pooling: "max+mean+last"),
      Golden(cell: "gru", layers: 2, isBidirectional: false, pooling: "last"),
      Golden(cell: "rnn", layers: 1, isBidirectional: true, pooling: "mean"),
    ]
  }

  @Test(arguments: Golden.all, [false, true])
  func equalsPyTorchInDouble(_ golden: Golden, usesTables: Bool) throws {
    try compare(golden, usesTables, as: Double.self, within: 1e-10)
  }

  @Test(arguments: Golden.all, [false, true])
  func equalsPyTorchInFloat(_ golden: Golden, usesTables: Bool) throws {
    try compare(golden, usesTables, as: Float.self, within: 1e-5)
  }

  private func compare<S: Scalar>(
    _ golden: Golden, _ usesTables: Bool, as type: S.Type, within tolerance: Double
  ) throws {
    let file = try GoldenFile("classifiers").group(golden.testDescription)
    var options = ClassifierOptions()
    (options.cell, options.layers, options.pooling) = (golden.cell, golden.layers, golden.pooling)
    (options.symbols, options.embedding, options.hidden) = (7, 4, 3)
    options.bidirectional = golden.isBidirectional
    let network = try ClassifierNetwork(options, classCount: 5)
    var parameters = ParameterVector<S>(network.layout)
    for parameter in network.layout.parameters {
      #expect(try file.shape(parameter.name) == parameter.shape)
      parameters[parameter] = try file.values(parameter.name).map { S($0) }
    }
    let chunk = IDChunk(
      ids: try file.integers("ids"), recordEnds: try file.integers("ends").map { UInt32($0) })
    let batch = ClassifierBatch(chunk, records: 0..<4, maximumLength: 100)
    let weights = network.weights(parameters, forTraining: true)
    let tables = network.projections(weights)

    // Both stand in the batch's order, longest first.
    func rows(_ name: String) throws -> Tensor<S> {
      let all = try file.values(name)
      return Tensor(
        [4, 5], batch.records.flatMap { r in all[r * 5..<r * 5 + 5].map { S($0) } })
    }
    let logits = network.logits(batch, tables, weights)
    #expect(distance(logits.values, try rows("logits").values.map { Double($0) }) <= tolerance)

    var gradients = Gradients<S>(network.layout)
    var random = RandomGenerator(seed: 1)
    let loss = network.lossAndGradients(
      batch, targets: try rows("targets"), usesTables ? tables : nil,
      dropout: ClassifierDropout(), scale: 1, weights, using: &random, into: &gradients)
    if usesTables { tables.finishBackward(weights, into: &gradients) }
    #expect(distance([loss], try file.values("loss")) <= tolerance)
    for parameter in network.layout.parameters {
      let expected = try file.values("grad.\(parameter.name)")
      #expect(distance(gradients[parameter], expected) <= tolerance, "\(parameter.name)")
    }
  }
}
