public import Pipeline

extension RecurrentForecaster: ExchangeableNetwork {
  /// The forecaster as an ONNX file, operator set 17: rows in, the values that follow out, both in the
  /// units of the data.
  ///
  /// Input: `rows` double `[N, W, D]`, the last rows of N series. Output: `forecasts` double
  /// `[N, horizon]`. N is free. Standardising, and what a relative forecast counts from, are inside the
  /// graph; only the network itself computes in 32 bits, as here.
  ///
  /// - Throws: `SeqError.notExchangeable` where the cell has no operator, or the file is too large.
  public func onnx(metadata: [String: String] = [:]) throws -> [UInt8] {
    try onnxGraph().bytes(metadata: metadata)
  }

  package func onnxGraph() throws -> ONNXGraph {
    var graph = ONNXGraph(name: "forecaster")
    let (batch, float) = (ONNXGraph.Dimension.named("batch"), ONNXGraph.ElementType.float)
    let rows = graph.addInput(
      "rows", .double, [batch, .fixed(options.window), .fixed(options.inputs)])
    let centred = graph.add("Sub", rows, graph.addConstant("mean", doubles: standardizer.mean))
    let scaled = graph.add(
      "Div", centred, graph.addConstant("deviation", doubles: standardizer.deviation))
    let z = graph.add("Cast", scaled, attributes: [("to", .integer(float.rawValue))])

    let states = try graph.append(
      network.stack, parameters,
      input: graph.add(
        "Transpose", graph.relative(z, options), attributes: [("perm", .integers([1, 0, 2]))]),
      lengths: "")
    let final = graph.joinFinal(states.hidden.last ?? "", width: options.hidden)
    var y = graph.append(network.head, parameters, final)
    if options.relative { y = graph.add("Add", y, graph.base(z, options)) }

    let wide = graph.add(
      "Cast", y, attributes: [("to", .integer(ONNXGraph.ElementType.double.rawValue))])
    let unit = graph.addConstant("unit", doubles: [standardizer.deviation[0]])
    let level = graph.addConstant("level", doubles: [standardizer.mean[0]])
    _ = graph.add("Add", graph.add("Mul", wide, unit), level, as: "forecasts")
    graph.addOutput("forecasts", .double, [batch, .fixed(options.horizon)])
    return graph
  }

  /// The weights under PyTorch's names: `rnn.weight_ih_l0` ..., `head.weight`, `head.bias`.
  public func stateDictionary() -> SafetensorsFile { parameters.stateDictionary() }

  /// - Parameter names: those of the recurrent layers and the head, where they are not ours.
  public func replacingWeights(
    by dictionary: StateDictionary, names given: StateNames.Given = StateNames.Given()
  ) throws -> RecurrentForecaster {
    var names = StateNames(rnn: try dictionary.findRecurrentLayers(given))
    if let head = given.head { names.head = head }
    return RecurrentForecaster(
      network: network, parameters: try dictionary.parameters(network.layout, names: names),
      columns: columns, standardizer: standardizer, errorScale: errorScale)
  }

  /// The largest difference in units of the foretold column's deviation.
  ///
  /// - Parameter arrays: `rows` `[N, W, D]` and `forecasts` `[N, horizon]`, floats.
  public func largestDifference(from arrays: [String: NPYArray], file: String) throws -> Double {
    let reader = ArrayReader(arrays: arrays, file: file)
    let (rows, shape) = try reader.floats("rows", rank: 3)
    let (expected, expectedShape) = try reader.floats("forecasts", rank: 2)
    guard shape[0] > 0, Array(shape.dropFirst()) == [options.window, options.inputs],
      rows.allSatisfy(\.isFinite)
    else {
      throw reader.fault(
        "rows must be finite, of the shape [series, \(options.window), \(options.inputs)]")
    }
    guard expectedShape == [shape[0], options.horizon] else {
      throw reader.fault(
        "forecasts has the shape \(expectedShape), but \([shape[0], options.horizon]) is needed")
    }
    let found = try forecasts(after: rows)
    let unit = standardizer.deviation[0]
    return ArrayReader.largestDifference(expected.map { $0 / unit }, found.map { $0 / unit })
  }

  /// The forecasts after each of N windows, `[N, horizon]`.
  ///
  /// - Parameter rows: `[N, W, D]`.
  package func forecasts(after rows: [Double]) throws -> [Double] {
    let size = options.window * options.inputs
    let ends = stride(from: size, through: rows.count, by: size).map {
      UInt32(clamping: $0 / options.inputs)
    }
    var runner = ForecasterRunner(self)
    return try runner.consume(
      NumberChunk(width: options.inputs, values: rows, recordEnds: ends)
    ).values
  }
}

extension ONNXGraph {
  /// The first column as its difference from the last row, where the forecaster is relative.
  fileprivate mutating func relative(_ z: String, _ options: ForecasterOptions) -> String {
    guard options.relative else { return z }
    let last = add(
      "Slice", z, numbers([options.window - 1, 0]), numbers([options.window, 1]), numbers([1, 2]))
    let first = Tensor<Float>(
      [options.inputs], (0..<options.inputs).map { $0 == 0 ? 1 : 0 })
    return add("Sub", z, add("Mul", last, addConstant("first_column", first)))
  }

  /// What a relative forecast counts from, `[N, horizon]`.
  fileprivate mutating func base(_ z: String, _ options: ForecasterOptions) -> String {
    let last = options.window - 1
    let places = (0..<options.horizon).map {
      options.season > 0 ? options.lastSeason(last, $0) : last
    }
    let column = add("Gather", z, number(0), attributes: [("axis", .integer(2))])
    return add("Gather", column, numbers(places), attributes: [("axis", .integer(1))])
  }
}
