public import Pipeline

extension LanguageModel: ExchangeableNetwork {
  /// The language model as an ONNX file, operator set 17: symbols in, the logits of the next ones out.
  ///
  /// Inputs: `ids` int64 `[N, T]`, `h_0` float `[L, N, H]` and, for an LSTM, `c_0` alike; zeros begin
  /// a text. Outputs: `logits` float `[N, T, V]`, `h_n` and `c_n`, which the next call goes on from. N
  /// and T are free.
  ///
  /// - Throws: `SeqError.notExchangeable` where the cell has no operator, or the file is too large.
  public func onnx(metadata: [String: String] = [:]) throws -> [UInt8] {
    try onnxGraph().bytes(metadata: metadata)
  }

  package func onnxGraph() throws -> ONNXGraph {
    var graph = ONNXGraph(name: "language_model")
    let (batch, time) = (ONNXGraph.Dimension.named("batch"), ONNXGraph.Dimension.named("time"))
    let ids = graph.addInput("ids", .int64, [batch, time])
    let steps = graph.add("Transpose", ids, attributes: [("perm", .integers([1, 0]))])
    let table = graph.addConstant(network.embedding.weight, parameters)
    let states: [ONNXGraph.Dimension] = [.fixed(options.layers), batch, .fixed(options.hidden)]
    var initial = ONNXGraph.InitialStates(hidden: graph.addInput("h_0", .float, states))
    if network.stack.layers[0][0].cell.stateCount > 1 {
      initial.cell = graph.addInput("c_0", .float, states)
    }
    let result = try graph.append(
      network.stack, parameters, input: graph.add("Gather", table, steps), lengths: "",
      initial: initial)
    let rows = graph.add(
      "Transpose", result.output, attributes: [("perm", .integers([1, 0, 2]))])
    let matrix =
      options.tied ? table : graph.addConstant(network.outputWeight, parameters)
    let turned = graph.add("Transpose", matrix, attributes: [("perm", .integers([1, 0]))])
    let product = graph.add("MatMul", rows, turned)
    graph.append(
      "Add", [product, graph.addConstant(network.outputBias, parameters)], outputs: ["logits"])
    graph.addOutput("logits", .float, [batch, time, .fixed(options.symbols)])
    graph.addFinalStates(result, states)
    return graph
  }

  /// The weights under PyTorch's names: `embedding.weight`, `rnn.weight_ih_l0`, `norms.0.weight`,
  /// `decoder.weight` ...; tied weights stand there under both of their names.
  public func stateDictionary() -> SafetensorsFile {
    var file = parameters.stateDictionary()
    if options.tied { file.tensors[Self.tiedName] = file.tensors["embedding.weight"] }
    return file
  }

  private static let tiedName = "decoder.weight"

  /// - Throws: `SeqError.foreignWeights`, also where weights that are tied here differ there.
  public func replacingWeights(
    by dictionary: StateDictionary, names given: StateNames.Given = StateNames.Given()
  ) throws -> LanguageModel {
    let names = try dictionary.findNames(given)
    let weights =
      options.tied
      ? try dictionary.joining(names.name(of: Self.tiedName), names.name(of: "embedding.weight"))
      : dictionary
    return LanguageModel(
      network: network, parameters: try weights.parameters(network.layout, names: names))
  }

  /// - Parameter arrays: `ids` `[N, T]`, read from zero states, and `logits` `[N, T, V]`.
  public func largestDifference(from arrays: [String: NPYArray], file: String) throws -> Double {
    let reader = ArrayReader(arrays: arrays, file: file)
    let (ids, shape) = try reader.integers("ids", rank: 2)
    let (expected, expectedShape) = try reader.floats("logits", rank: 3)
    guard expectedShape == shape + [options.symbols] else {
      throw reader.fault(
        "logits has the shape \(expectedShape), but \(shape + [options.symbols]) is needed")
    }
    guard ids.allSatisfy({ (0..<options.symbols).contains($0) }) else {
      throw reader.fault("ids must be from 0 to \(options.symbols - 1)")
    }
    let (logits, _) = self.logits(ids.map { Int32($0) }, sequences: shape[0])
    return ArrayReader.largestDifference(expected, logits.values)
  }

  /// The logits after each symbol, `[N T, V]`, and the states after the last, from zero states.
  ///
  /// - Parameter ids: N sequences of T symbols each, one after the other.
  package func logits(
    _ ids: [Int32], sequences: Int
  ) -> (logits: Tensor<Float>, final: [[RecurrentState<Float>]]) {
    let steps = sequences == 0 ? 0 : ids.count / sequences
    let weights = network.weights(parameters, forTraining: false)
    let layout = SequenceLayout(steps: steps, batch: sequences)
    var state: [[RecurrentState<Float>]] = network.initialState(sequences)
    var byTime = ids
    for n in 0..<sequences {
      for t in 0..<steps { byTime[layout.row(step: t, sequence: n)] = ids[n * steps + t] }
    }
    let rows = network.read(byTime, layout, from: &state, network.table(weights), weights)
    var logits = Tensor<Float>(uninitialized: rows.shape)
    for n in 0..<sequences {
      for t in 0..<steps {
        (logits.mutablePointer + (n * steps + t) * rows.columns).update(
          from: rows.row(layout.row(step: t, sequence: n)), count: rows.columns)
      }
    }
    return (logits, state)
  }
}
