import Pipeline

/// What is computed in a training by minibatches: all but the loop.
protocol MinibatchTask: Sendable {
  /// What the shards of a step share: weights laid out for the kernels, masks.
  associatedtype Step: Sendable

  var training: TrainingOptions { get }
  func initialParameters() -> ParameterVector<Float>

  /// The mean loss before anything is learnt, where the first step alone does not tell it; what an
  /// explosion is measured by (`DivergencePolicy`).
  var untrainedLoss: Double? { get }

  /// The records of each step of an epoch, `training.stepSize` of them: a function of (seed, epoch),
  /// of nothing else.
  func batches(epoch: Int) -> [Minibatch]

  func prepare(
    _ parameters: ParameterVector<Float>, _ batch: Minibatch, pool: WorkerPool,
    using random: inout RandomGenerator
  ) -> Step

  /// What each record's gradient is multiplied by in a step on all of `step`.
  func scale(_ step: Minibatch) -> Float

  /// The summed loss of one shard, which is some records of a batch; adds the gradients of the loss
  /// times `scale`.
  func lossAndGradients(
    _ shard: Minibatch, _ step: Step, scale: Float, using random: inout RandomGenerator,
    into gradients: inout Gradients<Float>
  ) -> LossSum

  /// Completes the gradients once they are summed over the shards of a batch.
  func finish(_ step: Step, into gradients: inout Gradients<Float>, pool: WorkerPool)

  /// The figures of some weights on the dev part; `nil` where there is none.
  func judge(_ parameters: ParameterVector<Float>, pool: WorkerPool) -> DevFigures?
}

extension MinibatchTask {
  var untrainedLoss: Double? { nil }

  func finish(_ step: Step, into gradients: inout Gradients<Float>, pool: WorkerPool) {
    // Most tasks have nothing left to complete.
  }

  func scale(_ step: Minibatch) -> Float { 1 / Float(training.stepSize) }
}

/// The records of one step, or of a shard of it.
struct Minibatch: Sendable, Hashable {
  var records: [Int]
  /// Whether they are soft-labelled ones, where a task has both.
  var isSoft = false
  /// How many records the whole step has.
  var stepCount = 0
}

/// A training whose epochs are minibatches in ever new order.
struct MinibatchRun<Task: MinibatchTask>: TrainingRun {
  let task: Task
  var state = TrainingState()
  var learner: Learner

  init(_ task: Task, rule: any UpdateRule, threads: Int) {
    self.task = task
    let training = task.training
    let initial = task.initialParameters()
    learner = Learner(
      initial,
      Optimizer(
        rule, for: initial.layout, l1: training.l1, l2: training.l2, clipNorm: training.clipNorm,
        clipValue: training.clipValue),
      pool: WorkerPool(threads: max(1, threads)))
  }

  mutating func finishEpoch(
    onEvent: (TrainingEvent) throws -> Void, afterStep: (MinibatchRun) throws -> Void
  ) throws {
    let training = task.training
    let batches = task.batches(epoch: state.epoch)
    while state.step < batches.count {
      let progress =
        (Double(state.epoch - 1) + Double(state.step + 1) / Double(batches.count))
        / Double(training.epochs)
      state.setRate(
        training.learningRate
          * training.schedule.factor(
            progress: progress, warmUp: training.warmUp, plateaus: state.plateaus))
      let sum = accumulate(batches[state.step])
      state.add(
        sum, norm: try learner.update(learningRate: state.rate, loss: sum.loss),
        untrained: task.untrainedLoss)
      try onEvent(state.event(progress: progress))
      try afterStep(self)
    }
  }

  /// The summed loss of a step, batch by batch; leaves the gradients with the learner.
  private mutating func accumulate(_ step: Minibatch) -> LossSum {
    let size = task.training.batchSize
    let scale = task.scale(step)
    var random = RandomGenerator(seed: task.training.seed, stream: UInt64(learner.step))
    var (sum, shardCount) = (LossSum(), 0)
    for start in stride(from: 0, to: step.records.count, by: size) {
      var batch = step
      batch.stepCount = step.records.count
      batch.records = Array(step.records[start..<min(start + size, step.records.count)])
      let (loss, shards) = accumulate(batch, firstShard: shardCount, scale: scale, &random)
      sum += loss
      shardCount += shards
    }
    return sum
  }

  /// The summed loss of all shards of a batch, and how many those are.
  ///
  /// - Parameter firstShard: how many shards of the same step came before, to whose gradients theirs are added.
  private mutating func accumulate(
    _ batch: Minibatch, firstShard: Int, scale: Float, _ random: inout RandomGenerator
  ) -> (sum: LossSum, shards: Int) {
    let (task, seed, step) = (task, task.training.seed, UInt64(learner.step))
    let shards = BatchPlan.shards(batch.records)
    let pool = learner.stepPool
    let shared = task.prepare(learner.parameters, batch, pool: pool, using: &random)
    let sums = Slots(shards.count) { _ in LossSum() }
    _ = learner.accumulate(
      shards: shards.count, adding: firstShard > 0,
      { shard, gradients in
        var random = RandomGenerator(seed: seed, stream: step, UInt64(firstShard + shard) + 1)
        sums[shard] = task.lossAndGradients(
          Minibatch(records: shards[shard], isSoft: batch.isSoft), shared, scale: scale,
          using: &random, into: &gradients)
        return sums[shard].loss
      }, finish: { task.finish(shared, into: &$0, pool: pool) })
    var sum = LossSum()
    for shard in shards.indices { sum += sums[shard] }
    return (sum, shards.count)
  }

  func judge() -> DevFigures? { task.judge(learner.parameters, pool: learner.pool) }
}
