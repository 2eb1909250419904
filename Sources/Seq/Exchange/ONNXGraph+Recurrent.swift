/// Recurrent layers as ONNX operators: one node is one layer in one or both directions.
extension ONNXGraph {
  /// What a stack gives, as names in the graph.
  package struct RecurrentOutputs: Sendable {
    /// The top layer's hidden states, `[T, N, W]`; zeros behind the end of a sequence.
    package var output: String
    /// For each layer the final states, `[D, N, H]` with D directions.
    package var hidden: [String]
    /// The same of the memory cells; empty where the cell has none.
    package var cell: [String]
  }

  /// The states before the first step, as names: `[L D, N, H]`, layer by layer, as in PyTorch.
  package struct InitialStates: Sendable {
    package var hidden: String
    /// Only for cells that have one.
    package var cell: String?
  }

  /// Appends the layers of a stack.
  ///
  /// - Parameters:
  ///   - input: `[T, N, D]`.
  ///   - lengths: int32 `[N]`, each from 1 to T; empty where all sequences have T steps.
  ///   - initial: zeros where there is none.
  ///   - name: leads the names of the layers' constants and outputs.
  /// - Throws: `SeqError.notExchangeable`.
  package mutating func append(
    _ stack: RecurrentStack, _ weights: ParameterVector<Float>, input: String, lengths: String,
    initial: InitialStates? = nil, name: String = "rnn"
  ) throws -> RecurrentOutputs {
    try stack.checkAllWeightsAreKnown(weights.layout)
    var result = RecurrentOutputs(output: input, hidden: [], cell: [])
    for (l, directions) in stack.layers.enumerated() {
      let form = try ONNXCell(directions[0].cell)
      let hasCell = directions[0].cell.stateCount > 1
      let places = l * directions.count..<(l + 1) * directions.count
      let hidden = initial.map { slice($0.hidden, places) } ?? ""
      let cell = initial?.cell.map { slice($0, places) } ?? ""
      let layer = "\(name)_l\(l)"
      let parameters = addWeights(directions, form, weights, layer: layer)
      var inputs = [result.output] + parameters + [lengths, hidden]
      if hasCell { inputs.append(cell) }
      var outputs = ["\(layer)_states", "\(layer)_hidden"]
      if hasCell { outputs.append("\(layer)_cell") }
      append(
        form.operation, inputs, outputs: outputs,
        form.attributes(hiddenSize: directions[0].hiddenSize, directions: directions.count))
      result.hidden.append(outputs[1])
      if hasCell { result.cell.append(outputs[2]) }
      result.output = joinDirections(outputs[0], width: directions.reduce(0) { $0 + $1.hiddenSize })
      if !stack.norms.isEmpty { result.output = append(stack.norms[l], weights, result.output) }
    }
    return result
  }

  /// Declares `h_n` and `c_n`, the final states of all layers, of the given shape.
  package mutating func addFinalStates(_ result: RecurrentOutputs, _ shape: [Dimension]) {
    for (name, parts) in [("h_n", result.hidden), ("c_n", result.cell)] where !parts.isEmpty {
      append("Concat", parts, outputs: [name], [("axis", .integer(0))])
      addOutput(name, .float, shape)
    }
  }

  private mutating func append(
    _ norm: StackNorm, _ weights: ParameterVector<Float>, _ rows: String
  ) -> String {
    switch norm {
    case .layer(let norm):
      return add(
        "LayerNormalization", rows, addConstant(norm.gain, weights),
        addConstant(norm.bias, weights),
        attributes: [("axis", .integer(2)), ("epsilon", .float(Float(LayerNorm.epsilon)))])
    case .batch(let norm):
      // In inference one factor and one summand for each unit.
      let (factors, summands) = norm.inference(weights)
      let name = norm.weight.name.dropLast("weight".count)
      let scaled = add("Mul", rows, addConstant("\(name)factor", factors))
      return add("Add", scaled, addConstant("\(name)summand", summands))
    }
  }

  /// `[T, D, N, H]` to `[T, N, D H]`.
  private mutating func joinDirections(_ states: String, width: Int) -> String {
    let turned = add("Transpose", states, attributes: [("perm", .integers([0, 2, 1, 3]))])
    return add("Reshape", turned, numbers([0, 0, width]))
  }

  /// Both directions of the final states side by side: `[D, N, H]` to `[N, D H]`.
  package mutating func joinFinal(_ states: String, width: Int) -> String {
    let turned = add("Transpose", states, attributes: [("perm", .integers([1, 0, 2]))])
    return add("Reshape", turned, numbers([0, width]))
  }

  private mutating func slice(_ states: String, _ places: Range<Int>) -> String {
    add(
      "Slice", states, numbers([places.lowerBound]), numbers([places.upperBound]), numbers([0]))
  }

  /// W `[D, G H, I]`, R `[D, G H, H]` and B `[D, 2 G H]` of one layer, in ONNX's order of gates.
  private mutating func addWeights(
    _ directions: [RecurrentLayer], _ form: ONNXCell, _ weights: ParameterVector<Float>,
    layer: String
  ) -> [String] {
    func blocks(_ parameters: [Parameter]) -> [Float] {
      parameters.flatMap { form.reordered(weights[$0]) }
    }
    let (count, first) = (directions.count, directions[0])
    let parts: [(String, [Int], [Float])] = [
      ("W", [count, first.gateSize, first.inputSize], blocks(directions.map(\.weightIH))),
      ("R", [count, first.gateSize, first.hiddenSize], blocks(directions.map(\.weightHH))),
      ("B", [count, 2 * first.gateSize], blocks(directions.flatMap { [$0.biasIH, $0.biasHH] })),
    ]
    return parts.map { name, shape, values in
      addConstant("\(layer)_\(name)", Tensor(shape, values))
    }
  }
}

extension RecurrentStack {
  /// Checks that the layers have no weights besides those that ONNX's operators take: to leave some
  /// out would be another network.
  fileprivate func checkAllWeightsAreKnown(_ layout: ParameterLayout) throws {
    let known = Set(
      layers.joined().flatMap { [$0.weightIH, $0.weightHH, $0.biasIH, $0.biasHH].map(\.name) })
    let prefixes = Set(known.map { $0.prefix { $0 != "." } + "." })
    let extra = layout.parameters.map(\.name).filter { name in
      !known.contains(name) && prefixes.contains { name.hasPrefix($0) }
    }
    guard extra.isEmpty else {
      throw SeqError.notExchangeable(
        "ONNX has no place for the weights \(StateDictionary.list(extra)) of recurrent layers")
    }
  }
}
