import Seq
import Testing

/// A run without an initial state leaves out what zeros would add.
@Suite struct ZeroStateTests {
  @Test(arguments: Cells.all.map(\.name), [false, true])
  func noStateIsAStateOfZeros(cell: String, isReversed: Bool) throws {
    for lengths in [[6, 4, 1], [3, 3], [1]] {
      for isMasked in [false, true] {
        let layout = SequenceLayout(lengths: lengths)
        let (spared, whole) = try (
          numbers(cell, isReversed, layout, isMasked: isMasked, givesZeros: false),
          numbers(cell, isReversed, layout, isMasked: isMasked, givesZeros: true)
        )
        for (name, values) in whole {
          let same = try #require(spared[name])
          #expect(distance(same, values) <= 1e-14, "\(name) of \(lengths)")
        }
        #expect(whole["weight_hh"]?.contains { abs($0) > 1e-3 } == (lengths != [1]))
      }
    }
  }

  /// What comes out of a run and of its backward pass. D = 5, H = 4.
  private func numbers(
    _ cell: String, _ isReversed: Bool, _ sequences: SequenceLayout, isMasked: Bool,
    givesZeros: Bool
  ) throws -> [String: [Double]] {
    var layout = ParameterLayout()
    let layer = RecurrentLayer(
      cell: try Cells.named(cell), inputSize: 5, hiddenSize: 4, isReversed: isReversed,
      in: &layout)
    var random = TestNumbers(seed: 7)
    func tensor(_ rows: Int, _ columns: Int) -> Tensor<Double> {
      Tensor([rows, columns], random.array(rows * columns).map(Double.init))
    }
    var parameters = ParameterVector<Double>(layout)
    for parameter in layout.parameters {
      parameters[parameter] = random.array(parameter.count).map(Double.init)
    }
    let weights = Weights(parameters)
    let count = sequences.batchCount
    let zeros = RecurrentState<Double>(zerosFor: layer.cell, batch: count, hidden: 4)
    let mask = isMasked ? tensor(count, 4) : nil
    let run = layer.run(
      layer.project(tensor(sequences.rowCount, 5), weights), sequences,
      from: givesZeros ? zeros : nil, mask: mask, weights, keepsCache: true)
    var gradients = Gradients<Double>(layout)
    let (dx, _) = layer.runBackward(
      tensor(sequences.rowCount, 4), final: zeros, try #require(run.cache), sequences, weights,
      into: &gradients)
    return [
      "output": run.output.values, "final": run.final.hidden.values, "dx": dx.values,
      "weight_hh": gradients[layer.weightHH], "bias_hh": gradients[layer.biasHH],
    ]
  }
}
