/// Dynamic evaluation (Krause, Kahembwe, Murray and Renals, 2018, sections 3 and 4): a language model
/// that goes on learning from the text on which it is judged. Each window of T symbols is scored
/// first, with weights that know only what stands before it; then
/// ```
/// θ ← θ - η ∇L + λ (θ_0 - θ)
/// ```
/// with L the cross-entropy of the window divided by T in nats, θ_0 the weights of the model. The
/// model itself does not change.
public struct DynamicEvaluation: Sendable, Hashable {
  /// η; with 0 and no decay it is plain evaluation on one stream.
  public var learningRate: Double
  /// λ, from 0 (nothing is forgotten) to 1.
  public var decay: Double
  /// T.
  public var window: Int

  /// - Throws: `SeqError.invalidOption`.
  public init(learningRate: Double, decay: Double = 0, window: Int = 20) throws {
    for (name, value, range) in [
      ("dynamic-rate", learningRate, 0...1e3), ("dynamic-decay", decay, 0...1),
      ("dynamic-window", Double(window), 1...1e6),
    ] as [(String, Double, ClosedRange<Double>)] where !range.contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)",
        reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
    (self.learningRate, self.decay, self.window) = (learningRate, decay, window)
  }

  /// log p of a text read as one stream, in nats. As long as training on the text once with one
  /// stream; the numbers do not depend on `threads`, which share the steps of the weights.
  /// - Throws: `SeqError.nonFinite` where the rate is so large that the weights run away; `.invalidOption`
  ///   for a model with batch normalisation, which in training sees a window's later symbols.
  public func logProbability(
    ofText text: [Int32], by model: LanguageModel, threads: Int = 1
  ) throws -> Double {
    let network = model.network
    guard network.options.normalization != .batch else {
      throw SeqError.invalidOption(
        name: "dynamic-rate", value: "\(learningRate)",
        reason: "the model has batch normalisation, which would learn from what it is to predict")
    }
    let streams = SymbolStreams(text, count: 1, end: Int32(network.options.end))
    let pool = WorkerPool(threads: threads)
    var parameters = model.parameters
    var gradients = Gradients<Float>(network.layout)
    var state: [[RecurrentState<Float>]] = network.initialState(1)
    var random = RandomGenerator(seed: 0)
    var sum = 0.0
    for (step, start) in stride(from: 0, to: streams.stepCount, by: window).enumerated() {
      gradients.reset()
      let (loss, _) = network.lossAndGradients(
        streams.window(start..<start + window, of: [0]), from: &state, nil,
        LanguageModelRegularization(), WeightMasks(), scale: 1 / Float(window),
        network.weights(parameters, forTraining: true), using: &random, into: &gradients)
      guard loss.isFinite else {
        throw SeqError.nonFinite(what: "loss", step: step + 1, learningRate: learningRate)
      }
      sum -= loss
      move(&parameters, gradients.vector, towards: model.parameters, pool)
    }
    return sum
  }

  private func move(
    _ parameters: inout ParameterVector<Float>, _ gradients: ParameterVector<Float>,
    towards origin: ParameterVector<Float>, _ pool: WorkerPool
  ) {
    let (rate, decay) = (Float(learningRate), Float(decay))
    let (w, g, w0) = (parameters.mutablePointer, gradients.pointer, origin.pointer)
    pool.runBlocks(parameters.layout.count, of: WorkerPool.smallBlockSize) { block in
      for i in block { w[i] += decay * (w0[i] - w[i]) - rate * g[i] }
    }
  }
}
