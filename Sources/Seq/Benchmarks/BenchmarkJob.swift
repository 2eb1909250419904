/// A training of fixed size, whose speed can be compared between programs and machines.
package struct BenchmarkJob: Sendable, Hashable {
  package var name: String
  /// A classifier's K classes, read off the last step; `nil` for a language model, which predicts
  /// every step.
  package var classes: Int?
  package var cell: String
  /// V.
  package var symbols: Int
  /// D.
  package var embedding: Int
  /// H.
  package var hidden: Int
  package var layers = 1
  /// N.
  package var batchSize: Int
  /// T.
  package var steps: Int

  /// The fixed jobs.
  package static let all: [BenchmarkJob] =
    ["lstm", "gru", "rnn"].map { names($0, batchSize: 64) }
    + ["lstm", "gru", "rnn"].map { names($0, batchSize: 1) }
    + ["lstm", "gru", "rnn"].map {
      BenchmarkJob(
        name: "characters-\($0)", cell: $0, symbols: 65, embedding: 256, hidden: 256,
        batchSize: 64, steps: 64)
    } + [
      BenchmarkJob(
        name: "characters-2x512-lstm", cell: "lstm", symbols: 65, embedding: 512, hidden: 512,
        layers: 2, batchSize: 64, steps: 64),
      BenchmarkJob(
        name: "words-2x200-lstm", cell: "lstm", symbols: 10_000, embedding: 200, hidden: 200,
        layers: 2, batchSize: 20, steps: 20),
      BenchmarkJob(
        name: "words-2x650-lstm", cell: "lstm", symbols: 10_000, embedding: 650, hidden: 650,
        layers: 2, batchSize: 20, steps: 35),
    ]

  private static func names(_ cell: String, batchSize: Int) -> BenchmarkJob {
    BenchmarkJob(
      name: batchSize == 1 ? "names-1-\(cell)" : "names-\(cell)", classes: 18, cell: cell,
      symbols: 64, embedding: 128, hidden: 128, batchSize: batchSize, steps: 10)
  }

  /// M: the symbols of one step of the optimiser.
  package var tokens: Int { batchSize * steps }
}

extension BenchmarkJob {
  /// Floating-point operations of the forward matrix products for one symbol, without those that a
  /// table of the first layer's input spares (`SymbolProjection`), and without the recurrent product of a first
  /// step that begins at zeros, as those of a classifier do.
  package func necessaryOperations(gates: Int) -> Double {
    operations(
      gates: gates, inputRows: min(symbols, tokens),
      recurrentSteps: classes == nil ? steps : steps - 1)
  }

  /// The same with both products for every symbol read.
  package func operations(gates: Int) -> Double {
    operations(gates: gates, inputRows: tokens, recurrentSteps: steps)
  }

  private func operations(gates: Int, inputRows: Int, recurrentSteps: Int) -> Double {
    let product = 2 * Double(gates * hidden * hidden)
    let firstInput =
      2 * Double(gates * hidden * embedding) * Double(inputRows) / Double(tokens)
    let upperInputs = product * Double(layers - 1)
    let recurrent = product * Double(layers) * Double(recurrentSteps) / Double(steps)
    let outputs = classes.map { Double($0) / Double(steps) } ?? Double(symbols)
    return firstInput + upperInputs + recurrent + 2 * Double(hidden) * outputs
  }
}
