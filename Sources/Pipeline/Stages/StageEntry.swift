/// One row of a registry: a stage type with its type put away.
///
///     public enum MyStages { public static let all = [StageEntry(Reverse.self)] }
public struct StageEntry: Sendable {
  public let descriptor: StageDescriptor
  private let encodeDefaults: @Sendable () throws -> JSONValue
  private let canDecode: @Sendable (JSONValue) -> Bool
  private let build: @Sendable (JSONValue, ResourceReader) throws -> AnyStage

  public init<S: Stage>(_ type: S.Type) {
    descriptor = S.descriptor
    encodeDefaults = { try JSONValue(encoding: S.Options()) }
    canDecode = { (try? $0.decode(S.Options.self)) != nil }
    build = { options, resources in
      AnyStage(try S(options: try options.decode(S.Options.self), resources: resources))
    }
  }

  /// Every option with its default.
  public func defaultOptions() throws -> JSONValue { try encodeDefaults() }

  /// Makes the stage from options given as a JSON object; those left out take their defaults.
  ///
  /// - Parameter requiringAll: whether leaving one out is an error, as it is in a saved pipeline.
  /// - Throws: `PipelineError.unknownOption`, `.malformedOption` or `.missingOption`, and what the
  ///   stage throws.
  public func make(
    options: JSONValue = [:], resources: ResourceReader = ResourceReader(),
    requiringAll: Bool = false
  ) throws -> AnyStage {
    if requiringAll, let stage = try makeOfAll(options, resources) { return stage }
    let merge = OptionMerge(stage: descriptor, requiresAll: requiringAll)
    let defaults = try defaultOptions()
    let merged = try merge.merge(options, over: defaults, path: [])
    do {
      return try build(merged, resources)
    } catch let error as DecodingError {
      throw merge.explain(error, in: merged, culprit: culprit(in: merged, defaults))
    }
  }

  /// The usual case of a saved pipeline, without the time that encoding all defaults takes: every
  /// option is there, and each can be decoded. `nil` where there is something to merge or to explain.
  private func makeOfAll(_ options: JSONValue, _ resources: ResourceReader) throws -> AnyStage? {
    guard let object = options.objectValue, object.count == descriptor.options.count,
      object.members.allSatisfy({ $0.value.objectValue == nil }),
      descriptor.options.allSatisfy({ object[$0.name] != nil })
    else { return nil }
    do { return try build(options, resources) } catch is DecodingError { return nil }
  }

  /// The option that cannot be decoded, found by giving each alone: the decoder does not say
  /// where a number does not fit.
  private func culprit(in options: JSONValue, _ defaults: JSONValue) -> String? {
    guard case .object(let standard) = defaults else { return nil }
    return standard.keys.first { key in
      var alone = standard
      alone[key] = options[key]
      return !canDecode(.object(alone))
    }
  }
}

/// Lays a user's options over the defaults and says what is wrong with them.
private struct OptionMerge {
  let stage: StageDescriptor
  let requiresAll: Bool

  func merge(_ given: JSONValue, over defaults: JSONValue, path: [String]) throws -> JSONValue {
    guard case .object(var merged) = defaults, !merged.isEmpty || path.isEmpty else { return given }
    guard case .object(let object) = given else {
      throw malformed(path, "must be an object of options")
    }
    for member in object.members {
      guard let standard = merged[member.key] else {
        throw PipelineError.unknownOption(
          stage: stage.id, name: name(path + [member.key]),
          known: merged.keys.map { name(path + [$0]) })
      }
      merged[member.key] = try merge(member.value, over: standard, path: path + [member.key])
    }
    guard requiresAll else { return .object(merged) }
    for key in merged.keys where object[key] == nil {
      let option = path.isEmpty ? stage.options.first { $0.name == key } : nil
      guard let meaning = option?.whenAbsent else {
        throw PipelineError.missingOption(stage: stage.id, name: name(path + [key]))
      }
      merged[key] = meaning
    }
    return .object(merged)
  }

  func explain(
    _ error: DecodingError, in options: JSONValue, culprit: String?
  ) -> PipelineError {
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(let type, let place):
      return malformed(place.codingPath.map(\.stringValue), "must be \(word(for: type))")
    case .valueNotFound(let type, let place):
      return malformed(place.codingPath.map(\.stringValue), "must be \(word(for: type))")
    case .keyNotFound(let key, let place):
      return .missingOption(
        stage: stage.id, name: name(place.codingPath.map(\.stringValue) + [key.stringValue]))
    case .dataCorrupted(let place): context = place
    @unknown default: return malformed([], "cannot be read")
    }
    let known = context.codingPath.map(\.stringValue)
    let path = known.isEmpty ? [culprit].compactMap { $0 } : known
    let value = path.reduce(Optional(options)) { $0?[$1] }
    let choices = stage.options.first { $0.name == path.first }?.choices ?? []
    guard let text = value?.stringValue, !choices.isEmpty else {
      return malformed(path, "has a value that it cannot take: \(value?.text() ?? "none")")
    }
    return malformed(
      path, "cannot be \"\(Escaping.printable(text))\" \(Nearest.hint(for: text, among: choices))")
  }

  private func name(_ path: [String]) -> String { path.joined(separator: ".") }

  private func malformed(_ path: [String], _ problem: String) -> PipelineError {
    .malformedOption(stage: stage.id, name: name(path), problem: problem)
  }

  private func word(for type: Any.Type) -> String {
    switch type {
    case is Bool.Type: "true or false"
    case is String.Type: "a text in quotes"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    default: "of another type: \(type)"
    }
  }
}
