public import Pipeline

/// How exactly a trained model's matrices are kept while it reads.
///
/// Tables of embeddings and of features, biases and states stay floats, and no model is saved or trained
/// with fewer bits.
public enum Precision: String, CaseIterable, Sendable {
  /// As they were trained.
  case float32
  /// The upper half of each float: 8 significant bits. Sums are those of floats.
  case bf16
  /// Integers q of -127...127 with a scale for each output, w = s q. The inputs of a product are
  /// rounded likewise, with a scale for each row; sums are exact.
  case int8
}

/// A model that can be read with fewer bits.
public protocol ReducibleModel: Stage {
  /// How exactly its matrices are kept while it reads; never saved.
  var precision: Precision { get set }
}

extension Chain {
  /// The same chain with the matrices of its last stage kept in fewer bits.
  /// - Throws: `SeqError.invalidOption` where that stage cannot be read so.
  public func reduced(to precision: Precision) throws -> Chain {
    guard precision != .float32 else { return self }
    guard var model = stages.last?.base as? any ReducibleModel else {
      throw SeqError.invalidOption(
        name: "precision", value: precision.rawValue,
        reason: "is for classifiers of text, taggers and language models, which this is not")
    }
    model.precision = precision
    return try Chain(stages.dropLast() + [AnyStage(model)])
  }
}
