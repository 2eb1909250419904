public import Pipeline

extension RecurrentClassifier: ExchangeableNetwork {
  /// The weights under PyTorch's names: `embedding.weight`, `rnn.weight_ih_l0`, `head.weight` ...,
  /// with `features.weight` of an `EmbeddingBag` where the model has features.
  public func stateDictionary() -> SafetensorsFile { parameters.stateDictionary() }

  /// This classifier with other weights, say after more training elsewhere.
  /// - Throws: `SeqError.foreignWeights` where they are not those of this network.
  public func replacingWeights(
    by dictionary: StateDictionary, names: StateNames.Given = StateNames.Given()
  ) throws -> RecurrentClassifier {
    RecurrentClassifier(
      labels: labels, network: network,
      parameters: try dictionary.parameters(
        network.layout, names: try dictionary.findNames(names)))
  }

  /// - Parameter arrays: as `ClassifierCheck` describes them.
  public func largestDifference(from arrays: [String: NPYArray], file: String) throws -> Double {
    try ClassifierCheck(arrays, file: file).largestDifference(of: self)
  }

  /// A classifier whose architecture the weights tell: an embedding, recurrent layers of one cell,
  /// a pooling rule, a head.
  ///
  /// - Parameters:
  ///   - labels: the K class names.
  ///   - cell: needed only to tell `rnn-relu` from `rnn`.
  ///   - pooling: how the hidden states become one vector, such as `last`; the weights do not tell.
  /// - Throws: `SeqError.foreignWeights`, which names tensors that are missing, of a wrong shape or
  ///   left over; `.unknownName`, `.invalidOption`, `.unusableData`.
  public init(
    _ dictionary: StateDictionary, labels: [String], cell: String? = nil,
    pooling: String = "last", maximumLength: Int = 1024,
    names given: StateNames.Given = StateNames.Given()
  ) throws {
    try LabelList.validate(labels)
    let names = try dictionary.findNames(given)
    let shape = try RecurrentShape(dictionary, rnn: names.rnn)
    let (embedding, head) = (names.name(of: "embedding.weight"), names.name(of: "head.weight"))
    guard let table = dictionary.matrix(embedding), let output = dictionary.matrix(head) else {
      let lost = [embedding, head].filter { dictionary.matrix($0) == nil }
      throw dictionary.fault("missing: \(StateDictionary.list(lost)), matrices")
    }
    guard output.rows == labels.count else {
      throw dictionary.fault(
        "\(StateDictionary.quoted(head)) has \(output.rows) rows, but there are \(labels.count) "
          + "labels")
    }
    var options = ClassifierOptions()
    options.cell = try shape.cell(cell, in: dictionary).name
    (options.hidden, options.embedding) = (shape.hiddenSize, shape.inputSize)
    (options.layers, options.bidirectional) = (shape.layerCount, shape.isBidirectional)
    (options.pooling, options.maximumLength) = (pooling, maximumLength)
    options.symbols = table.rows
    let network = try ClassifierNetwork(options, classCount: labels.count)
    self.init(
      labels: labels, network: network,
      parameters: try dictionary.parameters(network.layout, names: names))
  }
}

extension ParameterVector where S == Float {
  /// Every parameter under its name, marked as PyTorch's.
  func stateDictionary() -> SafetensorsFile {
    var file = SafetensorsFile(metadata: ["format": "pt"])
    for parameter in layout.parameters {
      file.tensors[parameter.name] = Resource(
        type: .f32, shape: parameter.shape, bytes: bytes(of: parameter))
    }
    return file
  }
}
