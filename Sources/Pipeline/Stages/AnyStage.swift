/// A stage whose type has been put away: what a chain and a model file hold.
public struct AnyStage: Sendable {
  /// The stage itself; `stage.base as? Vocabulary` gives the typed one back.
  public let base: any Stage

  public init(_ base: any Stage) { self.base = base }

  public var descriptor: StageDescriptor { type(of: base).descriptor }

  /// All options as a JSON object.
  /// - Throws: `PipelineError.malformedOption` where an option cannot be written as JSON.
  public func options() throws -> JSONValue { try base.encodedOptions() }

  /// A fresh runner for one stream on one thread.
  public func makeRunner(_ context: RunContext = RunContext()) throws -> AnyStageRunner {
    try base.makeErasedRunner(context)
  }

  /// Saves what the options do not say.
  public func write(to resources: inout ResourceWriter) throws {
    try base.write(to: &resources)
  }
}

extension Stage {
  fileprivate func makeErasedRunner(_ context: RunContext) throws -> AnyStageRunner {
    AnyStageRunner(try makeRunner(context), of: Self.descriptor)
  }

  fileprivate func encodedOptions() throws -> JSONValue {
    do {
      return try JSONValue(encoding: options)
    } catch EncodingError.invalidValue(_, let context) {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id,
        name: context.codingPath.map(\.stringValue).joined(separator: "."),
        problem: "cannot be saved: its value is not finite")
    }
  }
}
