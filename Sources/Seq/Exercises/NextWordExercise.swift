/// The smallest language model: a tanh RNN of ten units learns one phrase, word by word.
/// ```
/// h_t = tanh(W_ih onehot(w_t) + b_ih + W_hh h_{t-1} + b_hh)    p(w_{t+1}) = softmax(W h_t + b)
/// ```
/// (Elman, 1990.) An epoch reads the phrase once, and the next begins with the hidden state that it
/// left behind; gradients end at the phrase's beginning (truncated back-propagation through time).
/// The learnt network then reads all words but the last and says which comes next.
public struct NextWordExercise: Sendable {
  /// The phrase as numbers of words, and how many different ones there are.
  public let words: [Int32]
  public let wordCount: Int
  public var hidden = 10
  public var epochs = 1000
  /// Adam's learning rate.
  public var learningRate = 0.01
  public var seed: UInt64 = 1

  /// - Throws: `SeqError.unusableData` where there are fewer than two words.
  public init(words: [Int32]) throws {
    guard words.count >= 2, words.allSatisfy({ $0 >= 0 }) else {
      throw SeqError.unusableData("a phrase of two words or more is needed to predict the last")
    }
    self.words = words
    wordCount = Int(words.max() ?? 0) + 1
  }

  /// What was learnt.
  public struct Result: Sendable, Hashable {
    /// The mean loss of each epoch in nats.
    public let losses: [Double]
    /// The word that is thought to follow all but the last, and its probability.
    public let predicted: Int32
    public let probability: Double
  }

  /// Trains and predicts.
  ///
  /// - Parameter onEpoch: gets the number of the epoch, from 1, and its mean loss in nats.
  /// - Throws: `SeqError.nonFinite`, `SeqError.invalidOption`.
  public func run(onEpoch: (Int, Double) throws -> Void = { _, _ in }) throws -> Result {
    guard hidden > 0, epochs > 0 else {
      throw SeqError.invalidOption(
        name: hidden > 0 ? "epochs" : "hidden", value: "\(min(hidden, epochs))",
        reason: "must be at least 1")
    }
    let network = SymbolNetwork(
      cell: RNNCell(), inputs: wordCount, hidden: hidden, outputs: wordCount)
    var learner = Learner(
      network.initialParameters(recurrent: .uniform, forgetBias: 0, seed: seed),
      Optimizer(try UpdateRules.named("adam"), for: network.layout, clipNorm: 1),
      pool: WorkerPool(threads: 1))
    let steps = words.count - 1
    let batch = SymbolNetwork.Batch(
      ids: Array(words.dropLast()), answers: Array(words.dropFirst()),
      layout: SequenceLayout(steps: steps, batch: 1))
    let carried = Slots<RecurrentState<Float>>(1) { _ in network.zeroState(1) }
    var losses: [Double] = []
    for epoch in 1...epochs {
      let weights = network.weights(learner.parameters)
      let sum = learner.accumulate(shards: 1) { _, gradients in
        network.lossAndGradients(
          batch, from: &carried[0], scale: 1 / Float(steps), weights, into: &gradients)
      }
      losses.append(sum / Double(steps))
      _ = try learner.update(learningRate: learningRate, loss: sum)
      try onEpoch(epoch, sum / Double(steps))
    }
    let weights = network.weights(learner.parameters)
    var logits = network.logits(batch, from: &carried[0], weights)
    Float.logSoftmax(logits.mutablePointer, rows: logits.rows, columns: wordCount)
    let best = logits.largest(inRow: steps - 1)
    return Result(
      losses: losses, predicted: Int32(best),
      probability: Double.exp(Double(logits[steps - 1, best])))
  }
}
