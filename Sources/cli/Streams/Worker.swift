import Pipeline

/// One thread's runner of a chain, from records to payloads of one type.
final class Worker<Output: Payload> {
  private var runner: ChainRunner

  init(_ chain: Chain, gives: Output.Type, context: RunContext = RunContext()) throws {
    runner = try chain.makeRunner(context)
  }

  func run(_ records: RecordChunk) throws -> Output { try run(records.text) }

  func run(_ text: TextChunk) throws -> Output {
    try runner.consume(text, as: Output.self)
  }
}
