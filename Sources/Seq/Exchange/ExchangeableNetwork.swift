public import Pipeline

/// A network that other frameworks can take and give back: what `export` and `import` know of a model.
public protocol ExchangeableNetwork: Stage {
  /// The network as an ONNX file.
  ///
  /// - Parameter metadata: texts for the file's `metadata_props`.
  /// - Throws: `SeqError.notExchangeable`.
  func onnx(metadata: [String: String]) throws -> [UInt8]

  /// The weights under PyTorch's names.
  func stateDictionary() -> SafetensorsFile

  /// The same network with other weights.
  /// - Throws: `SeqError.foreignWeights` where they are not those of this network.
  func replacingWeights(by dictionary: StateDictionary, names: StateNames.Given) throws -> Self

  /// The largest absolute difference between what another program computed and what this network
  /// gives; not a number where an expected value is none.
  ///
  /// - Parameter file: the file's name, for messages.
  /// - Throws: `SeqError.foreignWeights` where an array is missing or has a wrong type or shape.
  func largestDifference(from arrays: [String: NPYArray], file: String) throws -> Double
}
