import Pipeline
import Tokenize

/// One thread's runner of a chain, from records to payloads of one type.
final class Worker<Output: Payload> {
  private var runner: ChainRunner

  init(_ chain: Chain, gives: Output.Type, context: RunContext = RunContext()) throws {
    runner = try chain.makeRunner(context)
  }

  /// - Throws: `CLIError.badData` with file and line for a token that is unknown and may not be.
  func run(_ records: RecordChunk) throws -> Output {
    do {
      return try run(records.text)
    } catch TokenizeError.unknownToken(let bytes, let record) {
      let place = "\(Escaping.printable(records.file)):\(records.firstRecord + record)"
      throw CLIError.badData("\(place): token '\(Escaping.printable(bytes))' has no id")
    }
  }

  func run(_ text: TextChunk) throws -> Output {
    try runner.consume(text, as: Output.self)
  }
}
