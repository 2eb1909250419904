extension RecurrentStack {
  /// The stack alone as an ONNX file: for models that have other things before and behind it.
  ///
  /// Inputs: `x` float `[T, N, D]`, `lengths` int32 `[N]` (each from 1 to T), `h_0` float
  /// `[L D', N, H]` and, for an LSTM, `c_0` alike. Outputs: `y` float `[T, N, W]` (zeros behind a
  /// sequence's end), `h_n`, and `c_n`. D' is the number of directions, W is D' H; T and N are free.
  /// All as in `torch.nn.LSTM` with packed sequences.
  ///
  /// - Throws: `SeqError.notExchangeable`.
  public func onnx(_ weights: ParameterVector<Float>) throws -> [UInt8] {
    guard let first = layers.first?.first else {
      throw SeqError.notExchangeable("a stack without layers cannot be exported")
    }
    var graph = ONNXGraph(name: "recurrent_stack")
    let (time, batch) = (ONNXGraph.Dimension.named("time"), ONNXGraph.Dimension.named("batch"))
    let states = [.fixed(layers.reduce(0) { $0 + $1.count }), batch, .fixed(first.hiddenSize)]
    let x = graph.addInput("x", .float, [time, batch, .fixed(first.inputSize)])
    let lengths = graph.addInput("lengths", .int32, [batch])
    var initial = ONNXGraph.InitialStates(hidden: graph.addInput("h_0", .float, states))
    if first.cell.stateCount > 1 { initial.cell = graph.addInput("c_0", .float, states) }
    let result = try graph.append(self, weights, input: x, lengths: lengths, initial: initial)

    graph.append("Identity", [result.output], outputs: ["y"])
    graph.addOutput("y", .float, [time, batch, .fixed(outputSize)])
    graph.addFinalStates(result, states)
    return try graph.bytes()
  }
}
