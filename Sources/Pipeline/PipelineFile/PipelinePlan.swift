/// A pipeline as a user writes it: stages by name with some of their options, each with the place
/// where it was said, so that an error can name it.
///
///     - stage: normalize.unicode
///       form: nfkc
///     - {stage: segment.unicode, by: word}
///
/// A name without a version means the newest. The stage `model` stands for the stages of a model
/// file (`file`), up to the first that gives a kind of payload (`until`), where one is named.
public struct PipelinePlan: Sendable, Hashable {
  /// One stage of a plan.
  public struct Step: Sendable, Hashable {
    /// The stage's id, with or without its version.
    public var stage: String
    public var options: JSONObject
    /// Where the step was said: `FILE:LINE`, or the flag.
    public var place: String
    /// Where each option was said, if elsewhere.
    public var optionPlaces: [String: String]
    /// Whether the user named the stage, and not a file. What users name themselves may run.
    public var isNamedByUser: Bool

    public init(
      stage: String, options: JSONObject = JSONObject(), place: String,
      optionPlaces: [String: String] = [:], isNamedByUser: Bool = false
    ) {
      self.stage = stage
      self.options = options
      self.place = place
      self.optionPlaces = optionPlaces
      self.isNamedByUser = isNamedByUser
    }
  }

  public var steps: [Step]

  public init(steps: [Step] = []) { self.steps = steps }

  /// The plan with full ids and every option.
  /// - Throws: as `chain(in:allowing:)`.
  public func resolved(
    in registry: Registry, allowing policy: ExternalPolicy = .denyAll
  ) throws -> PipelinePlan {
    try _ = chain(in: registry, allowing: policy)
    return PipelinePlan(
      steps: try steps.map { step in
        guard step.stage != ModelStep.name else { return step }
        var step = step
        let stage = try registry.resolve(step.stage).make(options: .object(step.options))
        step.stage = stage.descriptor.id
        step.options = try stage.options().objectValue ?? JSONObject()
        return step
      })
  }

  /// The validated chain.
  /// - Parameter policy: which programs and libraries may be named by a file; those that the user
  ///   named may run anyway.
  /// - Throws: `PipelineError.malformedPipelineFile`, which names the place; `.emptyChain`; what
  ///   reading a model file and loading a library throws.
  public func chain(
    in registry: Registry, allowing policy: ExternalPolicy = .denyAll
  ) throws -> Chain {
    // All of them before the first stage is made: making one may load a library.
    for step in steps { try located(step) { try check(step, policy, registry) } }
    var stages: [AnyStage] = []
    for step in steps {
      let made = try located(step) { () throws -> [AnyStage] in
        if step.stage == ModelStep.name {
          return try ModelStep(step.options).stages(in: registry)
        }
        return [try registry.resolve(step.stage).make(options: .object(step.options))]
      }
      if let from = stages.last, let to = made.first {
        try located(step) { _ = try Chain([from, to]) }
      }
      stages += made
    }
    return try Chain(stages)
  }

  private func check(_ step: Step, _ policy: ExternalPolicy, _ registry: Registry) throws {
    guard step.stage != ModelStep.name, !step.isNamedByUser else { return }
    try policy.check(registry.resolve(step.stage).descriptor)
  }

  /// Gives an error about a step the place where the step, or the option at fault, was said.
  private func located<Value>(_ step: Step, _ body: () throws -> Value) throws -> Value {
    var option: String?
    let problem: String
    do {
      return try body()
    } catch let error as PipelineError {
      switch error {
      case .unknownOption(_, let name, _), .malformedOption(_, let name, _): option = name
      case .unknownStage, .mismatchedEdge, .pluginRefused: break
      case .missingResource:
        throw PipelineError.malformedPipelineFile(
          place: step.place,
          problem: "\(step.stage) is learnt from data (take it from a model: stage model, file M)")
      default: throw error
      }
      problem = error.description
    } catch let error as any CategorizedError where error.category == .usage {
      problem = error.description
    }
    let head = option.map { String($0.prefix { $0 != "." }) } ?? ""
    throw PipelineError.malformedPipelineFile(
      place: step.optionPlaces[head] ?? step.place, problem: problem)
  }
}

extension Registry {
  /// The row of an id; a name without a version means the newest.
  /// - Throws: `PipelineError.unknownStage`, which lists the known ones.
  public func resolve(_ name: String) throws -> StageEntry {
    guard !name.contains("@") else { return try entry(name) }
    let versions = entries.filter { $0.descriptor.id.hasPrefix(name + "@") }
    let newest = versions.max { a, b in
      Self.version(of: a.descriptor.id) < Self.version(of: b.descriptor.id)
    }
    guard let newest else { throw PipelineError.unknownStage(name, known: ids) }
    return newest
  }

  private static func version(of id: String) -> Int {
    id.lastIndex(of: "@").flatMap { Int(id[id.index(after: $0)...]) } ?? 0
  }
}
