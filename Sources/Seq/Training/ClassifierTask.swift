import Pipeline

/// The training of a classifier.
struct ClassifierTask: MinibatchTask {
  let network: ClassifierNetwork
  let training: TrainingOptions
  let labels: [String]
  let train: ClassifierExamples
  /// Empty or `nil` where nothing is judged.
  let dev: ClassifierExamples?
  /// Records with a teacher's soft labels, of which each epoch adds a sample.
  let soft: ClassifierExamples?

  /// The weights laid out, and the tables of the first layer where they pay.
  struct Step: Sendable {
    let weights: Weights<Float>
    let projections: [SymbolProjection<Float>]?
  }

  func initialParameters() -> ParameterVector<Float> { network.initialParameters(training) }

  /// The steps on the training data, and on a fresh sample of soft ones.
  func batches(epoch: Int) -> [Minibatch] {
    let (seed, size) = (training.seed, training.stepSize)
    var batches = BatchPlan.batches(
      train.ids, Array(0..<train.count), size: size, seed: seed, epoch: epoch
    ).map { Minibatch(records: $0) }
    guard let soft else { return batches }
    var random = RandomGenerator(seed: seed, stream: UInt64(epoch), 0x736f_6674)
    let drawn = Int(training.softRatio * Double(train.count))
    let sample = Array((0..<soft.count).shuffled(using: &random).prefix(drawn))
    batches += BatchPlan.batches(soft.ids, sample, size: size, seed: seed, epoch: epoch)
      .map { Minibatch(records: $0, isSoft: true) }
    return batches.shuffled(using: &random)
  }

  func prepare(
    _ parameters: ParameterVector<Float>, _ batch: Minibatch, pool: WorkerPool,
    using random: inout RandomGenerator
  ) -> Step {
    let weights = network.weights(
      parameters, forTraining: true, sequences: batch.records.count, pool: pool)
    return Step(
      weights: weights,
      projections: network.trainingProjections(
        weights, ClassifierDropout(training),
        symbolsInBatch: examples(batch).ids.symbolCount(batch.records), pool, &random))
  }

  func lossAndGradients(
    _ shard: Minibatch, _ step: Step, scale: Float, using random: inout RandomGenerator,
    into gradients: inout Gradients<Float>
  ) -> LossSum {
    let examples = examples(shard)
    let batch = ClassifierBatch(
      examples.ids, records: shard.records, maximumLength: network.options.maximumLength)
    let loss = network.lossAndGradients(
      batch, targets: examples.targets(batch.records, classCount: labels.count), step.projections,
      dropout: ClassifierDropout(training), scale: scale, step.weights, using: &random,
      into: &gradients)
    return LossSum(loss: loss, count: shard.records.count, symbols: batch.ids.count)
  }

  func finish(_ step: Step, into gradients: inout Gradients<Float>, pool: WorkerPool) {
    step.projections?.finishBackward(step.weights, into: &gradients, pool: pool)
  }

  func judge(_ parameters: ParameterVector<Float>, pool: WorkerPool) -> DevFigures? {
    guard let dev, dev.count > 0 else { return nil }
    let classifier = RecurrentClassifier(labels: labels, network: network, parameters: parameters)
    let report = ClassificationReport(
      classifier.predict(dev.ids, pool: pool), targets: dev.labels)
    return DevFigures(loss: report.loss, accuracy: report.accuracy)
  }

  private func examples(_ batch: Minibatch) -> ClassifierExamples {
    batch.isSoft ? soft ?? train : train
  }
}

extension ClassifierDropout {
  init(_ options: TrainingOptions) {
    embedding = Dropout(options.dropout)
    between = Dropout(options.dropout)
    head = Dropout(options.dropout)
    features = Dropout(options.featureDropout)
    variational = Dropout(options.variationalDropout)
  }
}

extension IDChunk {
  /// How many symbols some records have together.
  func symbolCount(_ records: [Int]) -> Int { records.reduce(0) { $0 + range($1).count } }
}

extension ClassifierNetwork {
  /// The first layer's tables for one step, or `nil` where every step is projected by itself.
  fileprivate func trainingProjections(
    _ weights: Weights<Float>, _ dropout: ClassifierDropout, symbolsInBatch: Int,
    _ pool: WorkerPool, _ random: inout RandomGenerator
  ) -> [SymbolProjection<Float>]? {
    guard dropout.variational.probability == 0, options.symbols <= symbolsInBatch else {
      return nil
    }
    let p = dropout.embedding.probability
    let mask: Tensor<Float>? =
      p > 0
      ? dropout.embedding.mask([options.symbols, options.embedding], using: &random) : nil
    return projections(weights, mask: mask, pool: pool)
  }
}
