import Pipeline

/// The training of a classifier, epoch by epoch.
struct TrainingRun {
  let network: ClassifierNetwork
  let training: TrainingOptions
  let labels: [String]
  var learner: Learner

  /// The epoch that is worked on, from 1, and its batches that are done.
  var epoch = 1
  private var batch = 0
  /// Sums over the batches of the epoch.
  private var loss = 0.0
  private var lossCount = 0
  private var largestNorm = 0.0
  private var rate = 0.0
  /// Symbols read in all.
  private var tokens = 0

  var plateaus = 0
  /// The figures of the epoch whose weights are kept: the best on the dev part, or the last.
  var kept: EpochReport?
  var bestParameters: ParameterVector<Float>?

  init(
    network: ClassifierNetwork, training: TrainingOptions, rule: any UpdateRule,
    labels: [String], pool: WorkerPool
  ) {
    self.network = network
    self.training = training
    self.labels = labels
    learner = Learner(
      network.initialParameters(training),
      Optimizer(
        rule, for: network.layout, l1: training.l1, l2: training.l2,
        clipNorm: training.clipNorm, clipValue: training.clipValue),
      pool: pool)
  }

  /// The rest of the epoch.
  ///
  /// - Parameter afterStep: called after each step with the run as it then is.
  mutating func finishEpoch(
    _ train: ClassifierExamples, soft: ClassifierExamples?,
    onEvent: (TrainingEvent) throws -> Void, afterStep: (TrainingRun) throws -> Void
  ) throws -> EpochReport {
    let plan = self.plan(epoch, train, soft)
    while batch < plan.count {
      let (isSoft, records) = plan[batch]
      let progress =
        (Double(epoch - 1) + Double(batch + 1) / Double(plan.count)) / Double(training.epochs)
      rate =
        training.learningRate
        * training.schedule.factor(
          progress: progress, warmUp: training.warmUp, plateaus: plateaus)
      let examples = isSoft ? soft ?? train : train
      let (stepLoss, norm) = try take(examples, records, learningRate: rate)
      loss += stepLoss
      lossCount += records.count
      largestNorm = max(largestNorm, norm)
      batch += 1
      try onEvent(
        .step(epoch: epoch, progress: progress, loss: loss / Double(lossCount), tokens: tokens))
      try afterStep(self)
    }
    let report = EpochReport(
      epoch: epoch, trainLoss: loss / Double(max(1, lossCount)), devLoss: nil, devAccuracy: nil,
      learningRate: rate, gradientNorm: largestNorm, isBest: false)
    (batch, loss, lossCount, largestNorm) = (0, 0, 0, 0)
    return report
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
    let shards = BatchPlan.shards(records)
    let loss = accumulate(examples, shards, scale: 1 / Float(training.batchSize))
    return (loss, try learner.update(learningRate: learningRate, loss: loss))
  }

  /// The summed loss of all shards; leaves their gradients with the learner.
  private mutating func accumulate(
    _ examples: ClassifierExamples, _ shards: [[Int]], scale: Float
  ) -> Double {
    let (network, seed, step) = (network, training.seed, UInt64(learner.step))
    let (limit, classCount) = (network.options.maximumLength, labels.count)
    let dropout = ClassifierDropout(training)
    let weights = network.weights(learner.parameters, forTraining: true)
    var random = RandomGenerator(seed: seed, stream: step)
    let projections = network.trainingProjections(
      weights, dropout, symbolsInBatch: examples.ids.symbolCount(shards), &random)
    let counts = Slots(shards.count) { _ in 0 }
    let loss = learner.accumulate(shards: shards.count) { shard, gradients in
      let batch = ClassifierBatch(examples.ids, records: shards[shard], maximumLength: limit)
      var random = RandomGenerator(seed: seed, stream: step, UInt64(shard) + 1)
      counts[shard] = batch.ids.count
      return network.lossAndGradients(
        batch, targets: examples.targets(batch.records, classCount: classCount), projections,
        dropout: dropout, scale: scale, weights, using: &random, into: &gradients)
    }
    tokens += shards.indices.reduce(0) { $0 + counts[$1] }
    return loss
  }

  /// The predictions for a chunk, in parallel.
  func predict(_ ids: IDChunk) -> PredictionChunk {
    RecurrentClassifier(labels: labels, network: network, parameters: learner.parameters)
      .predict(ids, pool: learner.pool)
  }

  /// Loss and accuracy on labelled records.
  func evaluate(_ examples: ClassifierExamples) -> ClassificationReport {
    ClassificationReport(predict(examples.ids), targets: examples.labels)
  }
}

// MARK: - Snapshots

extension TrainingRun {
  /// - Parameter identity: what must agree: data and options.
  func snapshot(_ identity: JSONObject) throws -> TrainingSnapshot {
    var snapshot = TrainingSnapshot(
      numbers: JSONObject([
        ("identity", .object(identity)), ("epoch", .int(epoch)), ("batch", .int(batch)),
        ("loss", .double(loss)), ("loss_count", .int(lossCount)),
        ("largest_norm", .double(largestNorm)), ("rate", .double(rate)), ("tokens", .int(tokens)),
        ("plateaus", .int(plateaus)),
        ("kept", try kept.map { try JSONValue(encoding: $0) } ?? .null),
      ]))
    learner.save(to: &snapshot)
    snapshot.arrays["best"] = bestParameters?.elements
    return snapshot
  }

  /// - Throws: `SeqError.unusableSnapshot`.
  mutating func restore(_ snapshot: TrainingSnapshot, _ identity: JSONObject) throws {
    try snapshot.checkIdentity(identity)
    epoch = try snapshot.int("epoch")
    batch = try snapshot.int("batch")
    loss = try snapshot.double("loss")
    lossCount = try snapshot.int("loss_count")
    largestNorm = try snapshot.double("largest_norm")
    rate = try snapshot.double("rate")
    tokens = try snapshot.int("tokens")
    plateaus = try snapshot.int("plateaus")
    kept = try snapshot.value("kept")
    try learner.restore(snapshot)
    bestParameters = try learner.vector(in: snapshot, "best")
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
