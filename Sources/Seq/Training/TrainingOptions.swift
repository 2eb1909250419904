/// Everything beside the architecture and the data that decides what training gives. It is written
/// into the model's provenance; the number of threads is not among it, because it changes nothing.
public struct TrainingOptions: Codable, Sendable, Hashable {
  public var epochs = 16
  public var batchSize = 64
  /// How many batches' gradients are added up for one step of the optimiser.
  public var accumulate = 1
  /// One of `UpdateRules.all`.
  public var optimizer = "adamw"
  public var learningRate = 2e-3
  public var schedule = Schedule.oneCycle
  /// The share of all steps over which the rate first rises.
  public var warmUp = 0.0
  /// Added to the gradient as l1 sign(w), and weight decay; on weight matrices only.
  public var l1 = 0.0
  public var l2 = 0.0
  /// Limits on the gradient's norm and on each element; 0 is none.
  public var clipNorm = 1.0
  public var clipValue = 0.0
  /// The probability of dropping a number of the embedding, between layers, before the head.
  public var dropout = 0.4
  /// The same with one mask for all steps of a sequence, on the hidden state too.
  public var variationalDropout = 0.0
  /// The probability of dropping a feature (n-gram).
  public var featureDropout = 0.6
  /// How many soft-labelled records an epoch draws for each labelled one, where there are any.
  public var softRatio = 1.0
  /// How the input and the recurrent weights begin.
  public var initializer = Initializer.uniform
  public var recurrentInitializer = Initializer.uniform
  /// Added to the forget gate's bias of an LSTM at the start.
  public var forgetBias = 0.0
  /// Whether an epoch without a better dev loss is undone: the best weights come back and, with
  /// the `plateau` schedule, half the rate goes on.
  public var rollsBack = false
  public var onDiverge = DivergencePolicy.stop
  /// Stop after this many epochs without a better dev loss; 0 is never.
  public var earlyStopping = 0
  /// Whether to divide the logits by the temperature that fits the dev part best.
  public var calibrates = true
  public var seed: UInt64 = 1

  public init() {}

  /// How many records a step of the optimiser is made of.
  var stepSize: Int { batchSize * accumulate }

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`, `SeqError.unknownName`.
  public func validate() throws {
    _ = try UpdateRules.named(optimizer)
    try check("epochs", Double(epochs), 1...1e6)
    try check("batch-size", Double(batchSize), 1...1e6)
    try check("accumulate", Double(accumulate), 1...1e6)
    try check("learning-rate", learningRate, 0...1e3)
    try check("warm-up", warmUp, 0...1)
    for (name, value) in [
      ("l1", l1), ("l2", l2), ("clip-norm", clipNorm), ("clip-value", clipValue),
    ] { try check(name, value, 0...1e9) }
    for (name, value) in [
      ("dropout", dropout), ("variational-dropout", variationalDropout),
      ("feature-dropout", featureDropout),
    ] { try check(name, value, 0...0.99) }
    try check("soft-ratio", softRatio, 0...100)
    try check("early-stopping", Double(earlyStopping), 0...1e6)
  }

  /// What must agree for a saved training to go on: what it does after a divergence may change.
  var asIdentity: TrainingOptions {
    var options = self
    options.onDiverge = .stop
    return options
  }

  private func check(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws {
    guard range.contains(value) else {
      throw SeqError.invalidOption(
        name: name, value: "\(value)",
        reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
