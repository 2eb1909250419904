/// A chain at work on one stream, on one thread.
public struct ChainRunner {
  private var runners: [AnyStageRunner]

  init(_ runners: [AnyStageRunner]) { self.runners = runners }

  /// Sends one chunk through all stages.
  public mutating func consume(_ chunk: any Payload) throws -> any Payload {
    try consume(chunk, from: 0)
  }

  /// Sends one chunk through all stages and gives the result back typed.
  /// - Throws: `PipelineError.wrongPayload` where the chain gives another type.
  public mutating func consume<Output: Payload>(
    _ chunk: any Payload, as type: Output.Type
  ) throws -> Output {
    let output = try consume(chunk)
    guard let typed = output as? Output else {
      throw PipelineError.wrongPayload(
        stage: "the end of the chain", given: "\(Swift.type(of: output))", needed: "\(type)")
    }
    return typed
  }

  /// Called once after the last chunk: what the stages still held back, in order, sent through
  /// the stages after them.
  public mutating func finish() throws -> [any Payload] {
    var outputs: [any Payload] = []
    for i in runners.indices {
      guard let held = try runners[i].finish() else { continue }
      outputs.append(try consume(held, from: i + 1))
    }
    return outputs
  }

  private mutating func consume(_ chunk: any Payload, from first: Int) throws -> any Payload {
    var current = chunk
    for i in first..<runners.count { current = try runners[i].consume(current) }
    return current
  }
}
