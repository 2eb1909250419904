import Pipeline

/// The training of an image classifier.
struct ImageTask: MinibatchTask {
  let network: LeNetNetwork
  let training: TrainingOptions
  let augmentation: ImageAugmentation
  let labels: [String]
  let train: LabelledImages
  /// Empty or `nil` where nothing is judged.
  let dev: LabelledImages?

  /// The weights laid out, and the number of images of the whole step.
  struct Step: Sendable {
    let weights: Weights<Float>
    let count: Int
  }

  func initialParameters() -> ParameterVector<Float> {
    network.initialParameters(seed: training.seed)
  }

  func batches(epoch: Int) -> [Minibatch] {
    var random = RandomGenerator(seed: training.seed, stream: UInt64(epoch), 0x6f72_6465_72)
    let order = Array(0..<train.count).shuffled(using: &random)
    return stride(from: 0, to: order.count, by: training.stepSize).map {
      Minibatch(records: Array(order[$0..<min($0 + training.stepSize, order.count)]))
    }
  }

  func prepare(
    _ parameters: ParameterVector<Float>, _ batch: Minibatch, pool: WorkerPool,
    using random: inout RandomGenerator
  ) -> Step {
    Step(
      weights: network.weights(parameters, forTraining: true), count: batch.stepCount)
  }

  func lossAndGradients(
    _ shard: Minibatch, _ step: Step, scale: Float, using random: inout RandomGenerator,
    into gradients: inout Gradients<Float>
  ) -> LossSum {
    let count = shard.records.count
    var x: Tensor<Float> = train.images.tensor(shard.records, network.options)
    augmentation.apply(to: &x, using: &random)
    let loss = network.lossAndGradients(
      x, classes: shard.records.map { train.labels[$0] }, dropout: Dropout(training.dropout),
      scale: scale, share: Double(count) / Double(step.count), step.weights, using: &random,
      into: &gradients)
    return LossSum(loss: loss, count: count, symbols: count)
  }

  func judge(_ parameters: ParameterVector<Float>, pool: WorkerPool) -> DevFigures? {
    guard let dev, dev.count > 0 else { return nil }
    let model = LeNet(labels: labels, network: network, parameters: parameters)
    let report = ClassificationReport(
      model.predict(dev.images, pool: pool), targets: dev.labels)
    return DevFigures(loss: report.loss, accuracy: report.accuracy)
  }
}
