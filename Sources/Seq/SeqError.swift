public import Pipeline

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
  /// A model that another format cannot hold.
  case notExchangeable(String)
  /// Weights from elsewhere that are not those of the network asked for: the problem names them.
  case foreignWeights(file: String, problem: String)
}

extension SeqError: CategorizedError, CustomStringConvertible {
  public var category: ErrorCategory {
    switch self {
    case .unknownName, .invalidOption: .usage
    case .unusableData, .notExchangeable, .foreignWeights: .badData
    case .nonFinite: .software
    }
  }

  public var description: String {
    switch self {
    case .unknownName(let kind, let name, let known):
      "no \(kind) is called \"\(Escaping.printable(name))\" \(Nearest.hint(for: name, among: known))"
    case .invalidOption(let name, let value, let reason):
      "\(name) cannot be \(Escaping.printable(value)): it \(reason)"
    case .unusableData(let problem), .notExchangeable(let problem): "\(problem)"
    case .foreignWeights(let file, let problem): "\(Escaping.printable(file)): \(problem)"
    case .nonFinite(let what, let step, let learningRate):
      "the \(what) is not a finite number at step \(step) with learning rate \(learningRate) "
        + "(try a smaller --learning-rate or --clip-norm)"
    }
  }
}
