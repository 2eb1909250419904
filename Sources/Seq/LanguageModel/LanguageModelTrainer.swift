public import Pipeline

/// Trains a `LanguageModel` on one long text by truncated back-propagation through time: the text is
/// read in N streams side by side, T symbols at a time, and the hidden states are carried from one
/// window to the next.
///
/// The result is a function of the text, the options and the seed; neither the number of threads
/// nor an interruption changes a bit of it.
public struct LanguageModelTrainer: Sendable {
  public let training: LanguageModelTraining
  let network: LanguageModelNetwork
  private let rule: any UpdateRule

  /// - Parameter architecture: `symbols` and `end` must be set.
  /// - Throws: `SeqError` where an option has no meaning.
  public init(architecture: LanguageModelOptions, training: LanguageModelTraining) throws {
    try training.validate()
    self.training = training
    network = try LanguageModelNetwork(architecture)
    rule = try UpdateRules.named(training.optimizer)
  }

  /// The number of weights.
  public var parameterCount: Int { network.layout.count }

  /// Trains on `train`; with a dev text, the weights of the epoch with the best dev loss are kept.
  ///
  /// - Parameters:
  ///   - train: the symbols of the text, each record's end among them.
  ///   - identity: what else must agree for a saved run to go on (the digest of the data).
  ///   - monitor: where to save, and whether to stop.
  ///   - onEvent: called on the calling thread.
  /// - Throws: `SeqError.unusableData`, `.nonFinite`, `.diverged`, `.interrupted`, and what the monitor
  ///   throws.
  public func fit(
    train: [Int32], dev: [Int32] = [], threads: Int = 1, identity: JSONObject = JSONObject(),
    monitor: (any TrainingMonitor)? = nil, onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> LanguageModel {
    try check(train, "training")
    try check(dev, "dev")
    guard train.count > 1 else { throw SeqError.unusableData("there is no text to train on") }
    var run = LanguageModelRun(
      network, training, text: train, dev: dev, rule: rule,
      pool: WorkerPool(threads: max(1, threads)))
    let parameters = try run.train(
      TrainingPlan(
        name: "lm", epochs: training.epochs, earlyStopping: training.earlyStopping,
        rollsBack: training.rollsBack, onDiverge: training.onDiverge,
        identity: try identity.with(architecture: network.options, training: training.asIdentity),
        monitor: monitor), onEvent: onEvent)
    return LanguageModel(network: network, parameters: parameters)
  }

  private func check(_ text: [Int32], _ name: String) throws {
    if let id = text.first(where: { !(0..<Int32(network.options.symbols)).contains($0) }) {
      throw SeqError.unusableData(
        "the \(name) text has id \(id), but the model has \(network.options.symbols) symbols")
    }
  }
}

extension LanguageModelNetwork {
  /// U(-1/√H, 1/√H) for recurrent and output weights and N(0, 1) for the embedding, as in PyTorch;
  /// U(-0.1, 0.1) for an embedding that is the output weights too (Merity et al., 2018).
  func initialParameters(_ training: LanguageModelTraining) -> ParameterVector<Float> {
    var initial = InitialWeights(layout, seed: training.seed)
    guard training.initialRange == 0 else {
      initial.fillAll(range: training.initialRange)
      initial.fillGains(stack)
      return initial.parameters
    }
    initial.fill(embedding.weight, options.tied ? .uniform : .normal, fanIn: 100)
    initial.fill(stack, input: .uniform, recurrent: .uniform, forgetBias: training.forgetBias)
    if !options.tied { initial.fill(outputWeight, .uniform, fanIn: options.hidden) }
    initial.fillGains(stack)
    return initial.parameters
  }
}
