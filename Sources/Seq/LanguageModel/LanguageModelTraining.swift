/// Everything beside the architecture and the text that decides what training a language model
/// gives; the number of threads is not among it, because it changes nothing.
public struct LanguageModelTraining: Codable, Sendable, Hashable {
  public var epochs = 10
  /// N: how many pieces of the text are read side by side.
  public var batchSize = 64
  /// How many groups of N pieces, all read side by side, are learnt from one after the other for one
  /// step of the optimiser: a batch of N times as many pieces, in the memory of one of N.
  public var accumulate = 1
  /// T: how many steps the gradient flows back through.
  public var bptt = 64
  /// Whether T varies from window to window (half of it with probability 0.05, and a normal number
  /// of standard deviation 5 around either), the rate with it (Merity, Keskar and Socher, 2018,
  /// section 5).
  public var randomizesBPTT = false
  /// One of `UpdateRules.all`.
  public var optimizer = "adamw"
  public var learningRate = 3e-3
  public var schedule = Schedule.cosine
  /// The share of all steps over which the rate first rises.
  public var warmUp = 0.0
  /// The rate is multiplied by `decay` after each epoch past the first `decayAfter`; 0 is never.
  public var decay = 0.5
  public var decayAfter = 0
  /// Whether an epoch without a better dev loss is undone: the best weights come back and, with
  /// the `plateau` schedule, half the rate goes on.
  public var rollsBack = false
  public var onDiverge = DivergencePolicy.stop
  /// Average the weights of all steps since the dev loss was last better than all but the last N
  /// epochs (non-monotonically triggered averaged SGD, the same, algorithm 1); 0 is never.
  public var averageAfter = 0
  public var l1 = 0.0
  public var l2 = 0.0
  /// Limits on the gradient's norm and on each element; 0 is none.
  public var clipNorm = 1.0
  public var clipValue = 0.0
  public var regularization = LanguageModelRegularization()
  /// Begin with U(-r, r) for all weights and zeros for biases; 0 is as PyTorch begins.
  public var initialRange = 0.0
  public var forgetBias = 0.0
  /// Stop after this many epochs without a better dev loss; 0 is never.
  public var earlyStopping = 0
  public var seed: UInt64 = 1

  public init() {}

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`, `SeqError.unknownName`.
  public func validate() throws {
    _ = try UpdateRules.named(optimizer)
    try regularization.validate()
    for (name, value, range) in [
      ("epochs", Double(epochs), 1...1e6), ("batch-size", Double(batchSize), 1...1e6),
      ("accumulate", Double(accumulate), 1...1e6), ("bptt", Double(bptt), 1...1e6),
      ("learning-rate", learningRate, 0...1e4),
      ("warm-up", warmUp, 0...1), ("decay", decay, 0...1), ("l1", l1, 0...1e9),
      ("decay-after", Double(decayAfter), 0...1e6), ("l2", l2, 0...1e9),
      ("average-after", Double(averageAfter), 0...1e6), ("clip-norm", clipNorm, 0...1e9),
      ("clip-value", clipValue, 0...1e9), ("initial-range", initialRange, 0...10),
      ("early-stopping", Double(earlyStopping), 0...1e6),
    ] as [(String, Double, ClosedRange<Double>)] where !range.contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)",
        reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// What must agree for a saved training to go on: what it does after a divergence may change.
  var asIdentity: LanguageModelTraining {
    var options = self
    options.onDiverge = .stop
    return options
  }

  /// The learning rate of a step.
  ///
  /// - Parameters:
  ///   - epoch: from 1.
  ///   - progress: the share of all steps that is done, this one included.
  func rate(epoch: Int, progress: Double, plateaus: Int) -> Double {
    var rate =
      learningRate * schedule.factor(progress: progress, warmUp: warmUp, plateaus: plateaus)
    if decayAfter > 0 { for _ in 0..<max(0, epoch - decayAfter) { rate *= decay } }
    return rate
  }

  /// The steps of each window of an epoch over streams of `steps` steps: a function of (seed,
  /// epoch), of nothing else.
  func windows(steps: Int, epoch: Int) -> [Range<Int>] {
    var random = RandomGenerator(seed: seed, stream: UInt64(epoch), 0x6270_7474)
    var windows: [Range<Int>] = []
    var start = 0
    while start < steps {
      var length = bptt
      if randomizesBPTT {
        let mean = random.uniform() < 0.05 ? Double(bptt) / 2 : Double(bptt)
        length = max(5, Int(mean + 5 * random.normal()))
      }
      windows.append(start..<min(steps, start + length))
      start += length
    }
    return windows
  }
}
