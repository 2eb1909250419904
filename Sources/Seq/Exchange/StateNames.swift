import Pipeline

/// What the parts of a network are called in a state dictionary; our own names are `embedding`,
/// `rnn`, and `head` in a classifier, `decoder` in a language model. An empty name stands for tensors without a prefix (`weight_ih_l0`).
public struct StateNames: Sendable, Hashable {
  public var embedding: String
  public var rnn: String
  public var head: String

  public init(embedding: String = "embedding", rnn: String = "rnn", head: String = "head") {
    self.embedding = embedding
    self.rnn = rnn
    self.head = head
  }

  /// Names that a user may have given; the others are found by what the tensors look like.
  public struct Given: Sendable, Hashable {
    public var embedding: String?
    public var rnn: String?
    public var head: String?

    public init(embedding: String? = nil, rnn: String? = nil, head: String? = nil) {
      self.embedding = embedding
      self.rnn = rnn
      self.head = head
    }
  }

  /// The name there of a parameter of ours.
  func name(of parameter: String) -> String {
    let own = [("embedding.", embedding), ("rnn.", rnn), ("head.", head), ("decoder.", head)]
    for (own, other) in own
    where parameter.hasPrefix(own) {
      return Self.join(other, String(parameter.dropFirst(own.count)))
    }
    return parameter
  }

  static func join(_ prefix: String, _ name: String) -> String {
    prefix.isEmpty ? name : "\(prefix).\(name)"
  }
}

extension StateDictionary {
  /// Finds the names that were not given: the recurrent layers by `weight_ih_l0`, the head as the
  /// one matrix that has a bias, the embedding as the one that has none.
  ///
  /// - Throws: `SeqError.foreignWeights` where there is none, or more than one.
  func findNames(_ given: StateNames.Given) throws -> StateNames {
    let rnn = try findRecurrentLayers(given)
    // What is ours by name is neither embedding nor head.
    let known = [StateNames.join(rnn, "weight_"), "pooling.", "features."]
    let matrices = Self.prefixes(of: "weight", in: names).filter { prefix in
      let name = StateNames.join(prefix, "weight")
      return tensors[name]?.shape.count == 2 && !known.contains { name.hasPrefix($0) }
    }
    let hasBias = { tensors[StateNames.join($0, "bias")] != nil }
    let standard = StateNames()
    func find(_ what: String, own: String, among candidates: [String]) throws -> String {
      matrices.contains(own) ? own : try only(what, candidates)
    }
    let head =
      try given.head
      ?? find("head", own: standard.head, among: matrices.filter { hasBias($0) })
    let embedding =
      try given.embedding
      ?? find(
        "embedding", own: standard.embedding,
        among: matrices.filter { !hasBias($0) && $0 != head })
    return StateNames(embedding: embedding, rnn: rnn, head: head)
  }

  /// - Throws: `SeqError.foreignWeights` where names are given, for a network whose layers have theirs.
  func checkNoNames(_ given: StateNames.Given) throws {
    guard given == StateNames.Given() else {
      throw fault("the layers of such a network have names of their own, which cannot be given")
    }
  }

  /// The name of the recurrent layers.
  func findRecurrentLayers(_ given: StateNames.Given) throws -> String {
    try given.rnn ?? only("recurrent layers", Self.prefixes(of: "weight_ih_l0", in: names))
  }

  /// What stands before `.suffix` in the names that end so, sorted; an empty text for the suffix
  /// alone.
  private static func prefixes(of suffix: String, in names: [String]) -> [String] {
    names.compactMap { name in
      if name == suffix { return "" }
      return name.hasSuffix("." + suffix) ? String(name.dropLast(suffix.count + 1)) : nil
    }
  }

  private func only(_ what: String, _ candidates: [String]) throws -> String {
    if candidates.count == 1 { return candidates[0] }
    guard !candidates.isEmpty else {
      throw fault("there is no \(what) among the tensors \(Self.list(names))")
    }
    throw fault(
      "which is the \(what): \(Self.list(candidates))? (say it by name)")
  }
}
