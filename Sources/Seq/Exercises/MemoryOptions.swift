/// The task of `MemoryExercise` and how it is learnt.
public struct MemoryOptions: Sendable, Hashable {
  /// One of `Cells.all`; `rnn-relu` begins at the identity (IRNN).
  public var cell: String
  /// H: units of the hidden state.
  public var hidden = 128
  /// How many different symbols there are, and how many are to be remembered.
  public var symbols = 10
  public var length = 13
  /// Sequences in a step of training.
  public var batchSize = 64
  /// Steps of training at most; it ends earlier where nothing is left to learn.
  public var steps = 30_000
  /// Adam's learning rate.
  public var learningRate: Double
  /// The largest norm of the gradient.
  public var clipNorm = 1.0
  /// Added to the forget gate's bias of an LSTM at the start.
  public var forgetBias = 1.0
  /// Whether to begin with one symbol and add one whenever the loss is small.
  public var curriculum: Bool
  public var seed: UInt64 = 1

  /// What was found to work for the cell.
  public init(cell: String = "gru") {
    self.cell = cell
    learningRate = ["rnn": 5e-4, "rnn-relu": 1e-3][cell] ?? 5e-3
    // An IRNN that has learnt to hold one symbol does not learn to hold two.
    curriculum = cell != "rnn-relu"
  }

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`, `SeqError.unknownName`.
  public func validate() throws {
    _ = try Cells.named(cell)
    for (name, value, range) in [
      ("hidden", hidden, 1...4096), ("symbols", symbols, 2...1000), ("length", length, 1...1000),
      ("batch-size", batchSize, 1...4096), ("steps", steps, 1...100_000_000),
    ] where !range.contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)",
        reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
    for (name, value, range) in [
      ("learning-rate", learningRate, 0...10), ("clip-norm", clipNorm, 0...1e9),
      ("forget-bias", forgetBias, -100...100),
    ] as [(String, Double, ClosedRange<Double>)] where !range.contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)",
        reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
