extension RecurrentClassifier {
  /// The classifier as an ONNX file, operator set 17: ids in, log-probabilities out.
  ///
  /// Inputs: `ids` int64 `[N, T]` (what stands behind a sequence's end is not read), `lengths` int64
  /// `[N]`, and where the model has a table of features `features` int64 `[N, F]`, filled up with -1.
  /// Outputs: `logits` and `log_probabilities`, float `[N, K]`. N, T >= 1 and F >= 0 are free. As
  /// here, the network reads the first `maximumLength` symbols, and an empty sequence as symbol 0.
  ///
  /// - Parameter metadata: texts for the file's `metadata_props`.
  /// - Throws: `SeqError.notExchangeable` where the cell has no operator, or the file is too large.
  public func onnx(metadata: [String: String] = [:]) throws -> [UInt8] {
    try onnxGraph().bytes(metadata: metadata)
  }

  package func onnxGraph() throws -> ONNXGraph {
    var graph = ONNXGraph(name: "classifier")
    let read = graph.appendReading(maximumLength: options.maximumLength)
    let table = graph.addConstant(network.embedding.weight, parameters)
    let x = graph.add("Gather", table, read.symbols)
    let lengths = graph.add(
      "Cast", read.lengths, attributes: [("to", .integer(ONNXGraph.ElementType.int32.rawValue))])
    let states = try graph.append(network.stack, parameters, input: x, lengths: lengths)
    let pooled = graph.append(
      network.pooling, parameters, states: states.output, final: states.hidden.last ?? "",
      lengths: read.lengths, mask: read.mask)
    graph.appendHead(network, parameters, pooled: pooled)
    let shape: [ONNXGraph.Dimension] = [.named("batch"), .fixed(labels.count)]
    graph.addOutput("logits", .float, shape)
    graph.append(
      "LogSoftmax", ["logits"], outputs: ["log_probabilities"], [("axis", .integer(1))])
    graph.addOutput("log_probabilities", .float, shape)
    return graph
  }
}

extension ONNXGraph {
  /// What the network reads of the inputs.
  fileprivate struct Reading {
    /// `[T, N]`: the ids, 0 behind a sequence's end.
    var symbols: String
    /// `[N]`, each from 1 to T.
    var lengths: String
    /// `[T, N]`: whether a step is within its sequence.
    var mask: String
  }

  /// Declares `ids` and `lengths`, and cuts what is too long.
  fileprivate mutating func appendReading(maximumLength: Int) -> Reading {
    let ids = addInput("ids", .int64, [.named("batch"), .named("time")])
    let given = addInput("lengths", .int64, [.named("batch")])
    let cut = add("Slice", ids, numbers([0]), numbers([maximumLength]), numbers([1]))
    let symbols = add("Transpose", cut, attributes: [("perm", .integers([1, 0]))])
    let stepCount = add("Gather", add("Shape", symbols), number(0))
    let steps = add("Range", number(0), stepCount, number(1))
    let column = add("Unsqueeze", steps, numbers([1]))
    // An empty sequence is read as one symbol 0: its ids are masked by its true length.
    let isReal = add("Less", column, given)
    let lengths = add("Max", add("Min", given, stepCount), number(1))
    return Reading(
      symbols: add("Where", isReal, symbols, number(0)), lengths: lengths,
      mask: add("Less", column, lengths))
  }

  /// logits = W y + b, and the sum of the features' rows where there are any.
  fileprivate mutating func appendHead(
    _ network: ClassifierNetwork, _ weights: ParameterVector<Float>, pooled: String
  ) {
    let output = append(
      network.head, weights, pooled, as: network.bag == nil ? "logits" : "network_logits")
    guard let bag = network.bag else { return }
    let features = addInput("features", .int64, [.named("batch"), .named("features")])
    // A row of zeros at the end: -1, which fills up, counts from there.
    let rows = Tensor(
      [bag.featureCount + 1, bag.classCount],
      weights[bag.weight] + [Float](repeating: 0, count: bag.classCount))
    let gathered = add("Gather", addConstant(bag.weight.name, rows), features)
    let sum = add("ReduceSum", gathered, numbers([1]), attributes: [("keepdims", .integer(0))])
    append("Add", [output, sum], outputs: ["logits"])
  }
}
