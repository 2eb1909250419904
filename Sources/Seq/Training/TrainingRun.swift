import Pipeline

/// The state of one training: parameters, optimiser, generator streams.
struct TrainingRun {
  let network: ClassifierNetwork
  let training: TrainingOptions
  let labels: [String]
  let pool: WorkerPool
  var parameters: ParameterVector<Float>
  var plateaus = 0
  private var optimizer: Optimizer<Float>
  private var shardGradients: Slots<Gradients<Float>>
  private var step = 0
  private var tokens = 0

  init(
    network: ClassifierNetwork, training: TrainingOptions, rule: any UpdateRule,
    labels: [String], pool: WorkerPool
  ) {
    self.network = network
    self.training = training
    self.labels = labels
    self.pool = pool
    parameters = network.initialParameters(training)
    optimizer = Optimizer(
      rule, for: network.layout, l1: training.l1, l2: training.l2,
      clipNorm: training.clipNorm, clipValue: training.clipValue)
    shardGradients = Slots(0) { _ in Gradients(ParameterLayout()) }
  }

  /// One pass over the training data.
  mutating func epoch(
    _ epoch: Int, _ train: ClassifierExamples, soft: ClassifierExamples?,
    onEvent: (TrainingEvent) throws -> Void
  ) throws -> EpochReport {
    let plan = self.plan(epoch, train, soft)
    var (loss, count, largestNorm, rate) = (0.0, 0, 0.0, 0.0)
    for (index, (isSoft, records)) in plan.enumerated() {
      let progress =
        (Double(epoch - 1) + Double(index + 1) / Double(plan.count)) / Double(training.epochs)
      rate =
        training.learningRate
        * training.schedule.factor(
          progress: progress, warmUp: training.warmUp, plateaus: plateaus)
      let examples = isSoft ? soft ?? train : train
      let (stepLoss, norm) = try take(examples, records, learningRate: rate)
      loss += stepLoss
      count += records.count
      largestNorm = max(largestNorm, norm)
      try onEvent(
        .step(epoch: epoch, progress: progress, loss: loss / Double(count), tokens: tokens))
    }
    return EpochReport(
      epoch: epoch, trainLoss: loss / Double(max(1, count)), devLoss: nil, devAccuracy: nil,
      learningRate: rate, gradientNorm: largestNorm, isBest: false)
  }

  /// The batches of an epoch: those of the training data, and of a fresh sample of soft ones.
  private func plan(
    _ epoch: Int, _ train: ClassifierExamples, _ soft: ClassifierExamples?
  ) -> [(isSoft: Bool, records: [Int])] {
    let (seed, size) = (training.seed, training.batchSize)
    var plan = BatchPlan.batches(
      train.ids, Array(0..<train.count), size: size, seed: seed, epoch: epoch
    ).map { (isSoft: false, records: $0) }
    guard let soft else { return plan }
    var random = RandomGenerator(seed: seed, stream: UInt64(epoch), 0x736f_6674)
    let drawn = Int(training.softRatio * Double(train.count))
    let sample = Array((0..<soft.count).shuffled(using: &random).prefix(drawn))
    plan += BatchPlan.batches(soft.ids, sample, size: size, seed: seed, epoch: epoch)
      .map { (isSoft: true, records: $0) }
    return plan.shuffled(using: &random)
  }

  /// One step of the optimiser on one batch; returns the summed loss and the gradient's norm.
  private mutating func take(
    _ examples: ClassifierExamples, _ records: [Int], learningRate: Double
  ) throws -> (loss: Double, norm: Double) {
    step += 1
    let shards = BatchPlan.shards(records)
    if shardGradients.count < shards.count {
      let layout = network.layout
      shardGradients = Slots(shards.count) { _ in Gradients(layout) }
    }
    let loss = accumulate(examples, shards, scale: 1 / Float(training.batchSize))
    sumShards(shards.count)
    let norm = optimizer.apply(
      &shardGradients[0], to: &parameters, learningRate: learningRate)
    guard loss.isFinite, norm.isFinite else {
      throw SeqError.nonFinite(
        what: loss.isFinite ? "gradient" : "loss", step: step, learningRate: learningRate)
    }
    return (loss, norm)
  }

  /// The summed loss of all shards; leaves their gradients in `shardGradients`.
  private mutating func accumulate(
    _ examples: ClassifierExamples, _ shards: [[Int]], scale: Float
  ) -> Double {
    let (network, seed, step, classCount) = (network, training.seed, UInt64(step), labels.count)
    let limit = network.options.maximumLength
    let dropout = ClassifierDropout(training)
    let weights = network.weights(parameters, forTraining: true)
    var random = RandomGenerator(seed: seed, stream: step)
    let projections = network.trainingProjections(
      weights, dropout, symbolsInBatch: examples.ids.symbolCount(shards), &random)
    let gradients = shardGradients
    let losses = Slots(shards.count) { _ in 0.0 }
    let counts = Slots(shards.count) { _ in 0 }
    pool.run(shards.count) { shard in
      gradients[shard].reset()
      let batch = ClassifierBatch(examples.ids, records: shards[shard], maximumLength: limit)
      var random = RandomGenerator(seed: seed, stream: step, UInt64(shard) + 1)
      losses[shard] = network.lossAndGradients(
        batch, targets: examples.targets(batch.records, classCount: classCount), projections,
        dropout: dropout, scale: scale, weights, using: &random, into: &gradients[shard])
      counts[shard] = batch.ids.count
    }
    var sum = 0.0
    for shard in shards.indices {
      sum += losses[shard]
      tokens += counts[shard]
    }
    return sum
  }

  /// Adds all shards' gradients into the first one's, as a binary tree.
  private func sumShards(_ count: Int) {
    var distance = 1
    while distance < count {
      for i in stride(from: 0, to: count - distance, by: 2 * distance) {
        shardGradients[i].add(shardGradients[i + distance])
      }
      distance *= 2
    }
  }

  /// The predictions for a chunk, in parallel.
  func predict(_ ids: IDChunk) -> PredictionChunk {
    RecurrentClassifier(labels: labels, network: network, parameters: parameters)
      .predict(ids, pool: pool)
  }

  /// Loss and accuracy on labelled records.
  func evaluate(_ examples: ClassifierExamples) -> ClassificationReport {
    ClassificationReport(predict(examples.ids), targets: examples.labels)
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
  /// How many symbols the records of a batch have together.
  fileprivate func symbolCount(_ shards: [[Int]]) -> Int {
    shards.reduce(0) { $0 + $1.reduce(0) { $0 + range($1).count } }
  }
}

extension ClassifierNetwork {
  /// The first layer's tables for one step, or `nil` where every step is projected by itself.
  fileprivate func trainingProjections(
    _ weights: Weights<Float>, _ dropout: ClassifierDropout, symbolsInBatch: Int,
    _ random: inout RandomGenerator
  ) -> [SymbolProjection<Float>]? {
    guard dropout.variational.probability == 0, options.symbols <= symbolsInBatch else {
      return nil
    }
    let p = dropout.embedding.probability
    let mask: Tensor<Float>? =
      p > 0
      ? dropout.embedding.mask([options.symbols, options.embedding], using: &random) : nil
    return projections(weights, mask: mask)
  }
}
