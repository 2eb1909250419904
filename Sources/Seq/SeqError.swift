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
  /// A training that has diverged otherwise, or again after it went back `rollbacks` times.
  case diverged(_ problem: String, step: Int, learningRate: Double, rollbacks: Int)
  /// A model that another format cannot hold.
  case notExchangeable(String)
  /// Weights from elsewhere that are not those of the network asked for: the problem names them.
  case foreignWeights(file: String, problem: String)
  /// A checkpoint that does not belong to this training.
  case unusableSnapshot(String)
  /// A folder of checkpoints that another run works in.
  case folderInUse(String)
  /// A training that was asked to stop and has saved itself.
  case interrupted(step: Int)
}

extension SeqError: CategorizedError, CustomStringConvertible {
  public var category: ErrorCategory {
    switch self {
    case .unknownName, .invalidOption: .usage
    case .unusableData, .notExchangeable, .foreignWeights, .unusableSnapshot: .badData
    case .interrupted, .folderInUse: .temporary
    case .nonFinite, .diverged: .software
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
    case .nonFinite:
      "\(divergence) (try a smaller --learning-rate or --clip-norm)"
    case .diverged(_, _, _, let rollbacks):
      "\(divergence)"
        + (rollbacks > 0 ? ", after \(rollbacks) times going back and halving the rate" : "")
        + " (try a smaller --learning-rate or --clip-norm)"
    case .unusableSnapshot(let problem):
      "the checkpoint belongs to another training: \(problem) "
        + "(give the same data and options, or another folder)"
    case .folderInUse(let path):
      "\(Escaping.printable(path)): another training saves its checkpoints here "
        + "(wait for its end, or give another folder)"
    case .interrupted(let step):
      "stopped after step \(step), saved (the same command goes on from there)"
    }
  }
}

extension SeqError {
  /// Whether numbers have run away.
  var isDivergence: Bool {
    switch self {
    case .nonFinite, .diverged: true
    default: false
    }
  }

  /// What ran away, at which step and rate.
  var divergence: String {
    switch self {
    case .nonFinite(let what, let step, let rate):
      "the \(what) is not a finite number at step \(step) with learning rate \(rate)"
    case .diverged(let problem, let step, let rate, _):
      "\(problem) at step \(step) with learning rate \(rate)"
    default: description
    }
  }

  /// The same divergence, of a training that has gone back before.
  func afterRollbacks(_ rollbacks: Int) -> SeqError {
    switch self {
    case .nonFinite(let what, let step, let rate):
      .diverged(
        "the \(what) is not a finite number", step: step, learningRate: rate, rollbacks: rollbacks)
    case .diverged(let problem, let step, let rate, _):
      .diverged(problem, step: step, learningRate: rate, rollbacks: rollbacks)
    default: self
    }
  }
}
