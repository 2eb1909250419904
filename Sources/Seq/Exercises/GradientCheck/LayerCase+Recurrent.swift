import Pipeline

/// Recurrent layers and stacks: every cell, both directions, unequal lengths, initial states that
/// are not zero, and gradients from every step and from the final state.
extension LayerCase {
  static var recurrent: [LayerCase] {
    Cells.all.flatMap { cell in
      [false, true].flatMap { isReversed in
        [layer(cell, isReversed, masked: false), layer(cell, isReversed, masked: true)]
          + [projected(cell, isReversed)]
          + [
            symbols(cell, isReversed, masked: false), symbols(cell, isReversed, masked: true),
          ]
      } + [
        stack(cell, layers: 2, bidirectional: true, masked: true),
        stack(cell, layers: 3, bidirectional: false, masked: false),
        stack(cell, layers: 3, bidirectional: true, masked: true),
      ]
    }
  }

  /// T = 6, N = 3, M = 11, D = 5, H = 4.
  private static func layer(
    _ cell: any RecurrentCell, _ isReversed: Bool, masked: Bool
  ) -> LayerCase {
    var layout = ParameterLayout()
    let layer = RecurrentLayer(
      cell: cell, inputSize: 5, hiddenSize: 4, isReversed: isReversed, in: &layout)
    let sequences = SequenceLayout(lengths: [6, 4, 1])
    let mask: Tensor<Double>? = masked ? .mask([3, 4], seed: 3) : nil
    let loss = StateLoss(cell, rows: 11, batch: 3, hidden: 4)
    return LayerCase(
      name: "\(cell.name) layer\(isReversed ? " reversed" : "")\(masked ? " masked" : "")",
      layout: layout, inputs: [("x", [11, 5])] + stateShapes(cell, batch: 3, hidden: 4)
    ) { inputs, weights in
      let run = layer.run(
        layer.project(inputs[0], weights), sequences, from: state(inputs.dropFirst(), 4),
        mask: mask, weights, keepsCache: true)
      return Forward(loss: loss.value(run.output, run.final)) { gradients in
        guard let cache = run.cache else { return [] }
        let (dx, dState) = layer.runBackward(
          loss.dOutput, final: loss.dFinal, cache, sequences, weights, into: &gradients)
        return [layer.projectBackward(dx, input: inputs[0], weights, into: &gradients)]
          + arrays(dState, of: cell)
      }
    }
  }

  /// The same with the projected input as the variable.
  private static func projected(_ cell: any RecurrentCell, _ isReversed: Bool) -> LayerCase {
    var layout = ParameterLayout()
    let layer = RecurrentLayer(
      cell: cell, inputSize: 5, hiddenSize: 4, isReversed: isReversed, in: &layout)
    let sequences = SequenceLayout(lengths: [6, 4, 1])
    let loss = StateLoss(cell, rows: 11, batch: 3, hidden: 4)
    return LayerCase(
      name: "\(cell.name) steps\(isReversed ? " reversed" : "")", layout: layout,
      inputs: [("projected", [11, layer.gateSize])] + stateShapes(cell, batch: 3, hidden: 4),
      unused: [layer.weightIH.name, layer.biasIH.name]
    ) { inputs, weights in
      let run = layer.run(
        ProjectedInput(inputs[0]), sequences, from: state(inputs.dropFirst(), 4), weights,
        keepsCache: true)
      return Forward(loss: loss.value(run.output, run.final)) { gradients in
        guard let cache = run.cache else { return [] }
        let (dx, dState) = layer.runBackward(
          loss.dOutput, final: loss.dFinal, cache, sequences, weights, into: &gradients)
        return [dx] + arrays(dState, of: cell)
      }
    }
  }

  /// A table of symbols in place of the dense input: V = 6, D = 5, H = 4, M = 7.
  private static func symbols(
    _ cell: any RecurrentCell, _ isReversed: Bool, masked: Bool
  ) -> LayerCase {
    var layout = ParameterLayout()
    let embedding = Embedding("embedding", symbolCount: 6, size: 5, in: &layout)
    let layer = RecurrentLayer(
      cell: cell, inputSize: 5, hiddenSize: 4, isReversed: isReversed, in: &layout)
    let ids: [Int32] = [3, 0, 3, 5, 1, 0, 3]
    let mask: Tensor<Double>? = masked ? .mask([6, 5], seed: 4) : nil
    let d: Tensor<Double> = Samples.weights([7, layer.gateSize], phase: 5)
    return LayerCase(
      name: "\(cell.name) symbols\(isReversed ? " reversed" : "")\(masked ? " masked" : "")",
      layout: layout, inputs: [], unused: [layer.weightHH.name, layer.biasHH.name]
    ) { _, weights in
      let projection = SymbolProjection(embedding, layer, mask: mask, weights)
      return Forward(loss: projection.forward(ids).writtenOut.dot(d)) { gradients in
        projection.backward(d, ids: ids, into: &gradients)
        projection.finishBackward(weights, into: &gradients)
        return []
      }
    }
  }

  /// T = 5, N = 4, M = 12, D = 6, H = 3.
  private static func stack(
    _ cell: any RecurrentCell, layers: Int, bidirectional: Bool, masked: Bool
  ) -> LayerCase {
    var layout = ParameterLayout()
    let stack = RecurrentStack(
      cell: cell, inputSize: 6, hiddenSize: 3, layerCount: layers, isBidirectional: bidirectional,
      in: &layout)
    let sequences = SequenceLayout(lengths: [5, 4, 2, 1])
    let directions = bidirectional ? 2 : 1
    var masks = RecurrentStack.Masks<Double>()
    if masked {
      masks.between = (1..<layers).map { .mask([12, stack.outputSize], seed: UInt64($0)) }
      masks.recurrent = (0..<layers).map { l in
        (0..<directions).map { .mask([4, 3], seed: UInt64(10 * l + $0 + 50)) }
      }
    }
    let dOutput: Tensor<Double> = Samples.weights([12, stack.outputSize], phase: 6)
    let losses = (0..<layers).map { l in
      (0..<directions).map { d in
        StateLoss(cell, rows: 12, batch: 4, hidden: 3, phase: Double(10 * l + d))
      }
    }
    let fixed = masks
    return LayerCase(
      name: "\(cell.name) \(layers) layers\(bidirectional ? " both ways" : "")"
        + (masked ? " masked" : ""), layout: layout,
      inputs: [("x", [12, 6])]
        + (0..<layers * directions).flatMap { _ in stateShapes(cell, batch: 4, hidden: 3) }
    ) { inputs, weights in
      let initial = (0..<layers).map { l in
        (0..<directions).map { d in
          state(inputs.dropFirst(1 + (l * directions + d) * cell.stateCount), 3, of: cell)
        }
      }
      let run = stack.run(
        projected: stack.layers[0].map { $0.project(inputs[0], weights) }, sequences,
        from: initial, masks: fixed, weights, keepsCache: true)
      let finals = zip(losses.joined(), run.final.joined())
        .reduce(0) { $0 + $1.0.value(ofFinal: $1.1) }
      return Forward(loss: run.output.dot(dOutput) + finals) { gradients in
        let (dProjected, dInitial) = stack.runBackward(
          dOutput, final: losses.map { $0.map(\.dFinal) }, run, sequences, masks: fixed,
          weights, into: &gradients)
        var dx = Tensor<Double>(zeros: [12, 6])
        for (layer, d) in zip(stack.layers[0], dProjected) {
          dx.add(layer.projectBackward(d, input: inputs[0], weights, into: &gradients))
        }
        return [dx] + dInitial.joined().flatMap { arrays($0, of: cell) }
      }
    }
  }

  // MARK: States as arrays

  private static func stateShapes(
    _ cell: any RecurrentCell, batch: Int, hidden: Int
  ) -> [(name: String, shape: [Int])] {
    [("h0", [batch, hidden])] + (cell.stateCount > 1 ? [("c0", [batch, hidden])] : [])
  }

  private static func state(
    _ arrays: ArraySlice<Tensor<Double>>, _ hidden: Int, of cell: (any RecurrentCell)? = nil
  ) -> RecurrentState<Double> {
    let arrays = Array(arrays)
    let hasCell = (cell?.stateCount ?? arrays.count) > 1
    return RecurrentState(
      hidden: arrays[0], cell: hasCell ? arrays[1] : Tensor(zeros: [0, hidden]))
  }

  private static func arrays(
    _ state: RecurrentState<Double>, of cell: any RecurrentCell
  ) -> [Tensor<Double>] {
    [state.hidden] + (cell.stateCount > 1 ? [state.cell] : [])
  }
}

/// A loss that weights every hidden state and the final state by fixed numbers.
struct StateLoss: Sendable {
  let dOutput: Tensor<Double>
  let dFinal: RecurrentState<Double>

  init(_ cell: any RecurrentCell, rows: Int, batch: Int, hidden: Int, phase: Double = 0) {
    dOutput = Samples.weights([rows, hidden], phase: phase + 11)
    dFinal = RecurrentState(
      hidden: Samples.weights([batch, hidden], phase: phase + 12),
      cell: Samples.weights([cell.stateCount > 1 ? batch : 0, hidden], phase: phase + 13))
  }

  func value(_ output: Tensor<Double>, _ final: RecurrentState<Double>) -> Double {
    output.dot(dOutput) + value(ofFinal: final)
  }

  func value(ofFinal final: RecurrentState<Double>) -> Double {
    final.hidden.dot(dFinal.hidden) + final.cell.dot(dFinal.cell)
  }
}

extension Tensor {
  /// A dropout mask of probability one half.
  package static func mask(_ shape: [Int], seed: UInt64) -> Tensor {
    var random = RandomGenerator(seed: seed, stream: 0x6d61_736b)
    return Dropout(0.5).mask(shape, using: &random)
  }
}
