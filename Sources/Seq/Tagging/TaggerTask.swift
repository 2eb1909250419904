import Pipeline

/// The training of a tagger.
struct TaggerTask: MinibatchTask {
  let network: TaggerNetwork
  let training: TrainingOptions
  let labels: [String]
  let train: TaggerExamples
  let dev: TaggerExamples?
  /// The sentences of `train`, long ones cut, and their lengths as a chunk that batches are planned by.
  private let sentences: [Range<Int>]
  private let lengths: IDChunk

  init(
    network: TaggerNetwork, training: TrainingOptions, labels: [String], train: TaggerExamples,
    dev: TaggerExamples?
  ) {
    self.network = network
    self.training = training
    self.labels = labels
    self.train = train
    self.dev = dev
    sentences = train.ids.sentences(maximumLength: network.options.maximumLength)
    lengths = IDChunk(recordEnds: sentences.map { UInt32($0.upperBound) })
  }

  struct Step: Sendable {
    let weights: Weights<Float>
    let projections: [SymbolProjection<Float>]
  }

  /// As in PyTorch, but U(-√(3/D), √(3/D)) for embeddings (Lample et al., 2016) and zeros for the
  /// field over tags.
  func initialParameters() -> ParameterVector<Float> {
    var initial = InitialWeights(network.layout, seed: training.seed)
    for embedding in [network.embedding, network.speller?.embedding].compactMap({ $0 }) {
      initial.fill(embedding.weight, .uniform, fanIn: max(1, embedding.size / 3))
    }
    for stack in [network.speller?.stack, network.stack].compactMap({ $0 }) {
      initial.fill(
        stack, input: training.initializer, recurrent: training.recurrentInitializer,
        forgetBias: training.forgetBias)
    }
    initial.fill(network.head.weight, .uniform, fanIn: network.head.inputs)
    if let bias = network.head.bias {
      initial.fill(bias, .uniform, fanIn: network.head.inputs)
    }
    return initial.parameters
  }

  func batches(epoch: Int) -> [Minibatch] {
    BatchPlan.batches(
      lengths, Array(sentences.indices), size: training.stepSize, seed: training.seed,
      epoch: epoch
    ).map { Minibatch(records: $0) }
  }

  func prepare(
    _ parameters: ParameterVector<Float>, _ batch: Minibatch, pool: WorkerPool,
    using random: inout RandomGenerator
  ) -> Step {
    let weights = network.weights(parameters, forTraining: true)
    return Step(weights: weights, projections: network.projections(weights, pool: pool))
  }

  /// The mean over tokens, so that long sentences count for more and steps are of one size.
  func scale(_ batch: Minibatch) -> Float {
    1 / Float(batch.records.reduce(0) { $0 + sentences[$1].count })
  }

  func lossAndGradients(
    _ shard: Minibatch, _ step: Step, scale: Float, using random: inout RandomGenerator,
    into gradients: inout Gradients<Float>
  ) -> LossSum {
    let batch = TaggerBatch(train.ids, sentences: shard.records.map { sentences[$0] })
    let loss = network.lossAndGradients(
      batch, tags: batch.rows(of: train.tags), step.projections,
      dropout: TaggerDropout(
        layers: training.dropout, variational: training.variationalDropout,
        words: training.featureDropout),
      scale: scale, step.weights, using: &random, into: &gradients)
    return LossSum(loss: loss, count: batch.ids.count, symbols: batch.ids.count)
  }

  func finish(_ step: Step, into gradients: inout Gradients<Float>, pool: WorkerPool) {
    step.projections.finishBackward(step.weights, into: &gradients, pool: pool)
  }

  func judge(_ parameters: ParameterVector<Float>, pool: WorkerPool) -> DevFigures? {
    guard let dev, !dev.tags.isEmpty else { return nil }
    let report = RecurrentTagger(labels: labels, network: network, parameters: parameters)
      .report(dev.ids, tags: dev.tags, pool: pool)
    return DevFigures(loss: report.loss, accuracy: report.accuracy, f1: report.spans?.all.f1)
  }
}
