/// What can be wrong with a model's options, its weights or its data.
public enum SeqError: Error, Hashable, Sendable {
  /// A word that names nothing; the known ones are listed.
  case unknownName(kind: String, name: String, known: [String])
  /// An option whose value has no meaning.
  case invalidOption(name: String, value: String, reason: String)
  /// Training data that nothing can be learnt from.
  case unusableData(String)
  /// A loss or a gradient that is not a number.
  case nonFinite(what: String, step: Int, learningRate: Double)
}
