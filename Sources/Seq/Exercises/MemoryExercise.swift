/// The memorisation task (Hochreiter and Schmidhuber, 1997, section 5; as "copy", Arjovsky, Shah and
/// Bengio, 2016): read L random symbols and a delimiter, then give the symbols back in order.
/// ```
/// in    s_1 ... s_L  delimiter  blank ... blank        (2 L + 1 steps, symbols + 2 inputs)
/// out                           s_1   ... s_L          (the last L steps)
/// ```
/// Many-to-many, delayed: all that the network knows at the delimiter stands in its state, L log2 of
/// the number of symbols bits of it (43 for 13 of 10), and every symbol has to live through L + 1
/// steps. Without memory the accuracy is 1 / symbols.
///
/// Every batch is drawn anew from (seed, step, shard), so the loss in training is a loss on unseen
/// data, and the result does not depend on the number of threads.
public struct MemoryExercise: Sendable {
  public let options: MemoryOptions
  private let network: SymbolNetwork

  /// - Throws: `SeqError.invalidOption`, `SeqError.unknownName`.
  public init(_ options: MemoryOptions) throws {
    try options.validate()
    self.options = options
    network = SymbolNetwork(
      cell: try Cells.named(options.cell), inputs: options.symbols + 2, hidden: options.hidden,
      outputs: options.symbols)
  }

  /// How far training has come.
  public struct Progress: Sendable, Hashable {
    public let step: Int
    /// L, as long as the curriculum holds.
    public let length: Int
    /// The mean loss per symbol in nats, in the last steps.
    public let loss: Double
    /// The share of right symbols of as many new sequences as `Result` has.
    public let accuracy: Double
  }

  /// What was learnt.
  public struct Result: Sendable, Hashable {
    /// Sequences that were judged, none of them seen in training.
    public let sequences: Int
    /// The share of right symbols, and of sequences with no wrong one.
    public let symbolAccuracy: Double
    public let sequenceAccuracy: Double
    /// Steps of training that were taken.
    public let steps: Int
    public let parameterCount: Int
  }

  /// Trains and judges.
  ///
  /// - Parameters:
  ///   - sequences: how many unseen sequences to judge on.
  ///   - onProgress: called every 250 steps and at the end, on the calling thread.
  /// - Throws: `SeqError.nonFinite`.
  public func run(
    sequences: Int = 1000, threads: Int = 1, onProgress: (Progress) throws -> Void = { _ in }
  ) throws -> Result {
    var learner = try learner(threads: threads)
    var length = options.curriculum ? 1 : options.length
    var mean = Double.log(Double(options.symbols))
    var passes = 0
    while learner.step <= options.steps {
      let loss = try step(&learner, length: length)
      mean += 0.1 * (loss - mean)
      if length < options.length, mean < Self.smallLoss {
        length += 1
        mean = loss + 1
      }
      let taken = learner.step - 1
      guard taken % Self.interval == 0 || taken == options.steps else { continue }
      let figures = judge(
        learner, length: length, sequences: sequences, stream: UInt64(taken))
      try onProgress(
        Progress(step: taken, length: length, loss: mean, accuracy: figures.symbols))
      // One faultless check may be luck.
      passes = length == options.length && figures.symbols == 1 ? passes + 1 : 0
      if passes == 3 { break }
    }
    let figures = judge(
      learner, length: options.length, sequences: sequences, stream: 0)
    return Result(
      sequences: sequences, symbolAccuracy: figures.symbols, sequenceAccuracy: figures.sequences,
      steps: learner.step - 1, parameterCount: network.layout.count)
  }

  /// The loss per symbol, in nats, at which the curriculum adds one.
  private static let smallLoss = 0.1
  /// Steps between two checks.
  private static let interval = 250

  private func learner(threads: Int) throws -> Learner {
    let rectified = options.cell == "rnn-relu"
    let parameters = network.initialParameters(
      recurrent: rectified ? .identity : .orthogonal, forgetBias: options.forgetBias,
      seed: options.seed)
    let optimizer = Optimizer<Float>(
      try UpdateRules.named("adam"), for: network.layout, clipNorm: options.clipNorm)
    return Learner(parameters, optimizer, pool: WorkerPool(threads: max(1, threads)))
  }

  /// One step of training; returns the mean loss per symbol.
  private func step(_ learner: inout Learner, length: Int) throws -> Double {
    let shards = BatchPlan.shards(Array(0..<options.batchSize)).map(\.count)
    let count = options.batchSize * length
    let (step, weights) = (UInt64(learner.step), network.weights(learner.parameters))
    let sum = learner.accumulate(shards: shards.count) { shard, gradients in
      var random = RandomGenerator(
        seed: options.seed, stream: step, UInt64(shard) + 1, 0x6d65_6d6f)
      let batch = batch(shards[shard], length: length, using: &random)
      var state: RecurrentState<Float> = network.zeroState(shards[shard])
      return network.lossAndGradients(
        batch, from: &state, scale: 1 / Float(count), weights, into: &gradients)
    }
    let loss = sum / Double(count)
    // The second half of the steps anneals, so that the last errors go too.
    let rate =
      options.learningRate
      * Schedule.cosine.factor(
        progress: Double(learner.step) / Double(options.steps), warmUp: 0)
    _ = try learner.update(learningRate: rate, loss: loss)
    return loss
  }

  /// The shares of right symbols and of sequences without a fault, over new sequences.
  private func judge(
    _ learner: Learner, length: Int, sequences: Int, stream: UInt64
  ) -> (symbols: Double, sequences: Double) {
    let weights = network.weights(learner.parameters)
    let size = 100
    let parts = (sequences + size - 1) / size
    let right = Slots(parts) { _ in (symbols: 0, sequences: 0) }
    learner.pool.run(parts) { part in
      var random = RandomGenerator(
        seed: options.seed, stream: stream, UInt64(part), 0x6a75_6467)
      let count = min(size, sequences - part * size)
      right[part] = judge(batch(count, length: length, using: &random), weights)
    }
    let sums = (0..<parts).reduce((0, 0)) {
      ($0.0 + right[$1].symbols, $0.1 + right[$1].sequences)
    }
    let total = Double(max(1, sequences))
    return (Double(sums.0) / (total * Double(length)), Double(sums.1) / total)
  }

  private func judge(
    _ batch: SymbolNetwork.Batch, _ weights: Weights<Float>
  ) -> (symbols: Int, sequences: Int) {
    let count = batch.layout.batchCount
    var state: RecurrentState<Float> = network.zeroState(count)
    let logits = network.logits(batch, from: &state, weights)
    var symbols = 0
    var isFaultless = [Bool](repeating: true, count: count)
    for (i, answer) in batch.answers.enumerated() {
      if logits.largest(inRow: i) == Int(answer) {
        symbols += 1
      } else {
        isFaultless[i % count] = false
      }
    }
    return (symbols, isFaultless.count { $0 })
  }

  /// `count` sequences, time-major.
  private func batch(
    _ count: Int, length: Int, using random: inout RandomGenerator
  ) -> SymbolNetwork.Batch {
    let symbols = (0..<length * count).map { _ in
      Int32.random(in: 0..<Int32(options.symbols), using: &random)
    }
    let delimiter = [Int32](repeating: Int32(options.symbols), count: count)
    let blanks = [Int32](repeating: Int32(options.symbols) + 1, count: length * count)
    return SymbolNetwork.Batch(
      ids: symbols + delimiter + blanks, answers: symbols,
      layout: SequenceLayout(steps: 2 * length + 1, batch: count))
  }
}

extension Tensor {
  /// The column of a row's largest number, the first of equals.
  func largest(inRow i: Int) -> Int {
    var best = 0
    for k in 1..<max(1, columns) where self[i, k] > self[i, best] { best = k }
    return best
  }
}
