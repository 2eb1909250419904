/// A pipeline: stages in order, each taking what the one before it gives.
public struct Chain: Sendable {
  public let stages: [AnyStage]

  /// - Throws: `PipelineError.emptyChain`, or `.mismatchedEdge` for the first edge whose kinds
  ///   differ.
  public init(_ stages: [AnyStage]) throws {
    guard !stages.isEmpty else { throw PipelineError.emptyChain }
    for (from, to) in zip(stages, stages.dropFirst())
    where from.descriptor.output != to.descriptor.input {
      throw PipelineError.mismatchedEdge(
        from: from.descriptor.id, gives: from.descriptor.output,
        to: to.descriptor.id, takes: to.descriptor.input)
    }
    self.stages = stages
  }

  /// A chain of typed stages.
  public init(_ stages: any Stage...) throws { try self.init(stages.map(AnyStage.init)) }

  /// What the first stage takes.
  public var input: PayloadKind { stages[0].descriptor.input }
  /// What the last stage gives.
  public var output: PayloadKind { stages[stages.count - 1].descriptor.output }
  /// Whether every record in gives exactly one record out.
  public var isOneToOne: Bool { stages.allSatisfy(\.descriptor.isOneToOne) }

  /// The first stage of that type.
  public func first<S: Stage>(_ type: S.Type) -> S? {
    for stage in stages {
      if let typed = stage.base as? S { return typed }
    }
    return nil
  }

  /// The first `count` stages (a classifier's chain without its classifier).
  public func prefix(_ count: Int) throws -> Chain { try Chain(Array(stages.prefix(count))) }

  /// A fresh runner for one stream on one thread.
  public func makeRunner(_ context: RunContext = RunContext()) throws -> ChainRunner {
    ChainRunner(try stages.map { try $0.makeRunner(context) })
  }

  /// Runs one chunk from end to end.
  /// - Throws: `PipelineError.wrongPayload` where the chain gives another type than `type`,
  ///   `.brokenCount` where a stage held records back, and what the stages throw.
  public func run<Output: Payload>(
    _ chunk: any Payload, as type: Output.Type, context: RunContext = RunContext()
  ) throws -> Output {
    var runner = try makeRunner(context)
    let output = try runner.consume(chunk, as: type)
    let rest = try runner.finish().reduce(0) { $0 + $1.count }
    guard rest == 0 else {
      throw PipelineError.brokenCount(
        stage: stages[stages.count - 1].descriptor.id, taken: chunk.count,
        given: output.count + rest)
    }
    return output
  }
}
