public import Pipeline

extension RecurrentTagger: ExchangeableNetwork {
  /// The network of the tagger as an ONNX file, operator set 17: words in, scores of their tags out.
  ///
  /// Inputs: `ids` int64 `[N, T]`, 0 behind a sentence's end; `lengths` int64 `[N]`, each from 1 to T; and
  /// where words are spelled `characters` int64 `[N, T, C]`, 0 behind a word's end, and
  /// `character_lengths` int64 `[N, T]` (a word without characters is read as character 0). Output:
  /// `scores` float `[N, T, K]`, and of a conditional random field its own, `start` `[K]`,
  /// `transitions` `[K, K]` and `end` `[K]`: the best sequence is found outside (`LinearChainCRF` has
  /// the equation). N, T and C are free; sentences are read whole, where `tag` cuts them after
  /// `maximumLength` words.
  ///
  /// - Throws: `SeqError.notExchangeable` where the cell has no operator, or the file is too large.
  public func onnx(metadata: [String: String] = [:]) throws -> [UInt8] {
    try onnxGraph().bytes(metadata: metadata)
  }

  package func onnxGraph() throws -> ONNXGraph {
    var graph = ONNXGraph(name: "tagger")
    let (batch, time) = (ONNXGraph.Dimension.named("batch"), ONNXGraph.Dimension.named("time"))
    let ids = graph.addInput("ids", .int64, [batch, time])
    let lengths = graph.addInput("lengths", .int64, [batch])
    let steps = graph.add("Transpose", ids, attributes: [("perm", .integers([1, 0]))])
    var x = graph.add("Gather", graph.addConstant(network.embedding.weight, parameters), steps)
    if let speller = network.speller {
      let spelled = try graph.append(speller, parameters, steps: steps)
      graph.append("Concat", [x, spelled], outputs: ["words"], [("axis", .integer(2))])
      x = "words"
    }
    let states = try graph.append(
      network.stack, parameters, input: x, lengths: graph.add32Bit(lengths))
    let rows = graph.add(
      "Transpose", states.output, attributes: [("perm", .integers([1, 0, 2]))])
    let matrix = graph.add(
      "Transpose", graph.addConstant(network.head.weight, parameters),
      attributes: [("perm", .integers([1, 0]))])
    var scores = graph.add("MatMul", rows, matrix)
    if let bias = network.head.bias {
      scores = graph.add("Add", scores, graph.addConstant(bias, parameters))
    }
    _ = graph.add("Identity", scores, as: "scores")
    graph.addOutput("scores", .float, [batch, time, .fixed(labels.count)])
    for (name, shape, values) in fieldScores {
      let constant = graph.addConstant("crf.\(name)", Tensor(shape, values))
      _ = graph.add("Identity", constant, as: name)
      graph.addOutput(name, .float, shape.map(ONNXGraph.Dimension.fixed))
    }
    return graph
  }

  /// What a conditional random field has of its own, under the names of the graph's outputs.
  package var fieldScores: [(name: String, shape: [Int], values: [Float])] {
    guard let crf = network.crf else { return [] }
    return [("start", crf.start), ("transitions", crf.transitions), ("end", crf.end)].map {
      ($0, $1.shape, parameters[$1])
    }
  }

  /// The weights under PyTorch's names: `embedding`, `characters`, `speller`, `rnn`, `head`, `crf`.
  public func stateDictionary() -> SafetensorsFile { parameters.stateDictionary() }

  /// - Parameter names: none; the layers are those of `stateDictionary()`.
  public func replacingWeights(
    by dictionary: StateDictionary, names: StateNames.Given = StateNames.Given()
  ) throws -> RecurrentTagger {
    try dictionary.checkNoNames(names)
    var tagger = RecurrentTagger(
      labels: labels, network: network,
      parameters: try dictionary.parameters(network.layout, names: StateNames()))
    tagger.precision = precision
    return tagger
  }

  /// - Parameter arrays: as the graph takes and gives them, the scores of the field where they are
  ///   given; `scores` behind a sentence's end are not looked at.
  public func largestDifference(from arrays: [String: NPYArray], file: String) throws -> Double {
    let reader = ArrayReader(arrays: arrays, file: file)
    let (ids, shape) = try reader.integers("ids", rank: 2)
    let (lengths, lengthShape) = try reader.integers("lengths", rank: 1)
    let (expected, expectedShape) = try reader.floats("scores", rank: 3)
    guard shape.allSatisfy({ $0 > 0 }), lengthShape == [shape[0]],
      lengths.allSatisfy({ (1...shape[1]).contains($0) })
    else { throw reader.fault("lengths must be \(shape[0]) numbers from 1 to \(shape[1])") }
    guard expectedShape == shape + [labels.count] else {
      throw reader.fault(
        "scores has the shape \(expectedShape), but \(shape + [labels.count]) is needed")
    }
    let places = lengths.enumerated().flatMap { n, length in
      (0..<length).map { n * shape[1] + $0 }
    }
    var chunk = IDChunk(ids: places.map { Int32(clamping: ids[$0]) })
    var count = 0
    for length in lengths {
      count += length
      chunk.recordEnds.append(UInt32(clamping: count))
    }
    if options.spells { chunk.spelling = try reader.spelling(of: places, shape) }
    let scores = try scores(chunk)
    let k = labels.count
    var differences = [
      ArrayReader.largestDifference(
        places.flatMap { expected[$0 * k..<($0 + 1) * k] }, scores.values)
    ]
    for (name, shape, values) in fieldScores where arrays[name] != nil {
      let (expected, found) = try reader.floats(name, rank: shape.count)
      guard found == shape else {
        throw reader.fault("\(name) has the shape \(found), but \(shape) is needed")
      }
      differences.append(ArrayReader.largestDifference(expected, values))
    }
    return ArrayReader.largest(differences)
  }

  /// The scores of all tokens in their order, `[M, K]`.
  /// - Throws: `SeqError.unusableData` for ids that the tagger does not have.
  package func scores(_ chunk: IDChunk) throws -> Tensor<Float> {
    try chunk.validate(for: options)
    let weights = network.weights(parameters, forTraining: false)
    let batch = TaggerBatch(
      chunk, sentences: chunk.sentences(maximumLength: max(1, chunk.ids.count)))
    let sorted = network.scores(batch, network.projections(weights), weights)
    var scores = Tensor<Float>(uninitialized: sorted.shape)
    for (row, position) in batch.positions.enumerated() {
      (scores.mutablePointer + position * sorted.columns).update(
        from: sorted.row(row), count: sorted.columns)
    }
    return scores
  }
}

extension ONNXGraph {
  /// The final states over each word's characters, `[T, N, 2 Hc]`.
  ///
  /// - Parameter steps: the words, `[T, N]`.
  fileprivate mutating func append(
    _ speller: TaggerNetwork.Speller, _ weights: ParameterVector<Float>, steps: String
  ) throws -> String {
    let (batch, time) = (Dimension.named("batch"), Dimension.named("time"))
    let characters = addInput("characters", .int64, [batch, time, .named("characters")])
    let given = addInput("character_lengths", .int64, [batch, time])
    // Every word is a sequence of its own: [C, T N].
    let turned = add("Transpose", characters, attributes: [("perm", .integers([2, 1, 0]))])
    let symbols = add("Reshape", turned, numbers([0, -1]))
    let flat = add(
      "Reshape", add("Transpose", given, attributes: [("perm", .integers([1, 0]))]),
      numbers([-1]))
    let states = try append(
      speller.stack, weights,
      input: add("Gather", addConstant(speller.embedding.weight, weights), symbols),
      lengths: add32Bit(add("Max", flat, number(1))), name: "speller")
    let width = speller.stack.outputSize
    let final = joinFinal(states.hidden.last ?? "", width: width)
    append(
      "Concat", [add("Shape", steps), numbers([width])], outputs: ["spelled_shape"],
      [("axis", .integer(0))])
    return add("Reshape", final, "spelled_shape")
  }

  /// Whole numbers as `sequence_lens` wants them.
  fileprivate mutating func add32Bit(_ lengths: String) -> String {
    add("Cast", lengths, attributes: [("to", .integer(ElementType.int32.rawValue))])
  }
}

extension ArrayReader {
  /// The characters of the words at these places of `[N, T]`.
  fileprivate func spelling(of places: [Int], _ shape: [Int]) throws -> Spelling {
    let (characters, characterShape) = try integers("characters", rank: 3)
    let (lengths, lengthShape) = try integers("character_lengths", rank: 2)
    let width = characterShape[2]
    guard Array(characterShape.dropLast()) == shape, lengthShape == shape,
      lengths.allSatisfy({ (0...width).contains($0) })
    else {
      throw fault(
        "characters and character_lengths must have the shapes \(shape) + [characters] and \(shape)"
      )
    }
    var spelling = Spelling()
    for place in places {
      let word = characters[place * width..<place * width + lengths[place]]
      spelling.ids += word.map { Int32(clamping: $0) }
      spelling.tokenEnds.append(UInt32(clamping: spelling.ids.count))
    }
    return spelling
  }
}
