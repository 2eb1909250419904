import Pipeline

/// The runners of one chain, one for each thread, which end together.
///
/// A runner of a program is ended by `finish()`, which tells whether the program ended well; where
/// the crew goes away without it, the programs are killed.
final class ChainCrew {
  private final class Member {
    var runner: ChainRunner
    init(_ runner: ChainRunner) { self.runner = runner }
  }

  private let chain: Chain
  private let context: RunContext
  private var members: [Member] = []

  init(_ chain: Chain, _ context: RunContext) {
    self.chain = chain
    self.context = context
  }

  /// Makes the worker of one more thread.
  func makeWorker() throws -> (any Payload) throws -> any Payload {
    let member = Member(try chain.makeRunner(context))
    members.append(member)
    return { try member.runner.consume($0) }
  }

  /// Ends all runners; called once, after the last chunk and when no thread works any more. The
  /// chain must be one-to-one, so that no runner holds a record back.
  func finish() throws {
    for member in members { _ = try member.runner.finish() }
  }
}
