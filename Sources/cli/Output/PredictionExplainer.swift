import Pipeline

/// How an answer comes about: what the model would say if the record ended after each token.
///
/// The chain is run on every prefix of the record that ends where a token ends, so a record of T
/// tokens costs as much as T records: O(T^2) symbols.
final class PredictionExplainer {
  /// One token, and the best class after it.
  struct Step {
    var token: [UInt8]
    /// Where the token stands, in bytes of the record.
    var span: Range<Int>
    var best: Ranking.Entry
  }

  /// How many bytes of prefixes are judged at once.
  private static let batchSize = 1 << 18

  private let cutter: Worker<TokenChunk>
  private let worker: Worker<PredictionChunk>

  /// - Throws: `CLIError.badData` for a model without tokens.
  init(_ chain: Chain) throws {
    guard let last = chain.stages.firstIndex(where: { $0.descriptor.output == .tokens }) else {
      throw CLIError.badData("the model reads records without cutting them: nothing to explain by")
    }
    cutter = try Worker(
      chain.prefix(last + 1), gives: TokenChunk.self, context: RunContext(tracksOffsets: true))
    worker = try Worker(chain, gives: PredictionChunk.self)
  }

  /// The steps of one record, in order.
  /// - Throws: `CLIError.notFinite`.
  func steps(of text: ArraySlice<UInt8>) throws -> [Step] {
    var record = TextChunk()
    record.append(text)
    let tokens = try cutter.run(record)
    guard let spans = tokens.spans else { return [] }
    var steps: [Step] = []
    var batch = TextChunk()
    for token in tokens.tokens(0) {
      let span = Int(spans[token].lowerBound)..<Int(spans[token].upperBound)
      steps.append(
        Step(token: Array(tokens.token(token)), span: span, best: .init(label: 0, log: 0)))
      batch.append(text.prefix(span.upperBound))
      if batch.bytes.count >= Self.batchSize { try judge(&batch, for: &steps) }
    }
    try judge(&batch, for: &steps)
    return steps
  }

  /// Gives the last steps, one for each prefix, their answers.
  private func judge(_ batch: inout TextChunk, for steps: inout [Step]) throws {
    guard batch.count > 0 else { return }
    let answers = try worker.run(batch)
    var ranking = Ranking(classes: answers.labels.count, count: 1)
    for i in 0..<answers.count {
      guard ranking.rank(answers.row(i)) else { throw CLIError.notFinite(record: 1) }
      steps[steps.count - answers.count + i].best = ranking.best[0]
    }
    batch = TextChunk()
  }
}
