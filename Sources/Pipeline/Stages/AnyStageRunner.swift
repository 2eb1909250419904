/// A runner whose types have been put away. It checks what the types no longer do: the kind of
/// each chunk, and that a one-to-one stage gives as many records as it takes.
public struct AnyStageRunner {
  public let descriptor: StageDescriptor
  private let box: any ErasedRunner

  init<Input: Payload, Output: Payload>(
    _ runner: any StageRunner<Input, Output>, of descriptor: StageDescriptor
  ) {
    self.descriptor = descriptor
    box = RunnerBox(runner, stage: descriptor.id)
  }

  /// Consumes one chunk.
  /// - Throws: `PipelineError.wrongPayload`, `.brokenCount`, and what the stage throws.
  public mutating func consume(_ chunk: any Payload) throws -> any Payload {
    let output = try box.consume(chunk)
    guard !descriptor.isOneToOne || output.count == chunk.count else {
      throw PipelineError.brokenCount(
        stage: descriptor.id, taken: chunk.count, given: output.count)
    }
    return output
  }

  /// What the stage still held back; nothing, where it is one-to-one.
  public mutating func finish() throws -> (any Payload)? {
    guard let output = try box.finish(), output.count > 0 else { return nil }
    guard !descriptor.isOneToOne else {
      throw PipelineError.brokenCount(stage: descriptor.id, taken: 0, given: output.count)
    }
    return output
  }
}

private protocol ErasedRunner: AnyObject {
  func consume(_ chunk: any Payload) throws -> any Payload
  func finish() throws -> (any Payload)?
}

private final class RunnerBox<Input: Payload, Output: Payload>: ErasedRunner {
  private var runner: any StageRunner<Input, Output>
  private let stage: String

  init(_ runner: any StageRunner<Input, Output>, stage: String) {
    self.runner = runner
    self.stage = stage
  }

  func consume(_ chunk: any Payload) throws -> any Payload {
    guard let typed = chunk as? Input else {
      throw PipelineError.wrongPayload(
        stage: stage, given: "\(type(of: chunk))", needed: "\(Input.self)")
    }
    return try runner.consume(typed)
  }

  func finish() throws -> (any Payload)? { try runner.finish() }
}
