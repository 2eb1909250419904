import Pipeline
import Seq
import Testing

/// Is the bright bar upright, level, or not there?
@Suite struct ImageTrainerTests {
  static let labels = ["none", "upright", "level"]

  static func examples(_ count: Int, seed: UInt64) -> LabelledImages {
    var random = RandomGenerator(seed: seed, stream: 0x626172)
    var images = ImageChunk(height: 14, width: 12)
    let classes = (0..<count).map { Int32($0 % 3) }
    for kind in classes {
      let bar = Int.random(in: 2..<10, using: &random)
      for i in 0..<14 {
        for j in 0..<12 {
          let isBright = kind == 1 && j == bar || kind == 2 && i == bar
          images.pixels.append(
            UInt8(Int.random(in: 0..<60, using: &random) + (isBright ? 150 : 0)))
        }
      }
    }
    return LabelledImages(images: images, labels: classes, labelNames: labels)
  }

  private func trainer(
    _ change: (inout LeNetOptions, inout TrainingOptions, inout ImageAugmentation) -> Void = {
      _, _, _ in
    }
  ) throws -> ImageTrainer {
    var architecture = LeNetOptions(for: Self.examples(30, seed: 1).images)
    (architecture.firstMaps, architecture.secondMaps) = (3, 4)
    (architecture.firstHidden, architecture.secondHidden) = (9, 8)
    var training = TrainingOptions()
    (training.epochs, training.batchSize, training.learningRate) = (2, 40, 1e-2)
    training.dropout = 0.1
    var augmentation = ImageAugmentation()
    augmentation.rotation = 3
    change(&architecture, &training, &augmentation)
    return try ImageTrainer(
      architecture: architecture, training: training, augmentation: augmentation,
      labels: Self.labels)
  }

  private func bytes(_ model: LeNet) throws -> [String: Resource] {
    var writer = ResourceWriter()
    try model.write(to: &writer)
    return writer.resources
  }

  @Test(arguments: [true, false])
  func learnsATask(batchNorm: Bool) throws {
    let trainer = try trainer { architecture, training, _ in
      architecture.batchNorm = batchNorm
      (training.epochs, training.dropout) = (10, 0)
    }
    let model = try trainer.fit(
      train: Self.examples(900, seed: 1), dev: Self.examples(120, seed: 2), threads: 2)
    let fresh = Self.examples(600, seed: 3)
    var runner = try model.makeRunner(RunContext())
    let report = ClassificationReport(try runner.consume(fresh.images), targets: fresh.labels)
    #expect(report.accuracy > 0.95)
  }

  @Test(arguments: [true, false])
  func threadsAndRunsDoNotChangeAByte(batchNorm: Bool) throws {
    let trainer = try trainer { architecture, _, _ in architecture.batchNorm = batchNorm }
    let (train, dev) = (Self.examples(110, seed: 1), Self.examples(40, seed: 2))
    let one = try bytes(trainer.fit(train: train, dev: dev, threads: 1))
    for threads in [1, 2, 3] {
      #expect(try bytes(trainer.fit(train: train, dev: dev, threads: threads)) == one)
    }
    let other = try self.trainer { _, training, _ in training.seed = 2 }.fit(train: train, dev: dev)
    #expect(try bytes(other)["conv1.weight"] != one["conv1.weight"])
  }

  /// Stopped after every step and gone on with: the same bytes, running statistics among them.
  @Test func interruptionsDoNotChangeAByte() throws {
    let (train, dev) = (Self.examples(110, seed: 1), Self.examples(40, seed: 2))
    let trainer = try trainer()
    let whole = try bytes(trainer.fit(train: train, dev: dev))
    let monitor = MemoryMonitor()
    monitor.stops = true
    var (model, stops): (LeNet?, Int) = (nil, 0)
    while model == nil {
      do {
        model = try trainer.fit(train: train, dev: dev, monitor: monitor)
      } catch SeqError.interrupted { stops += 1 }
    }
    #expect(stops == 2 * 3)
    #expect(try bytes(#require(model)) == whole)
    let mean = try #require(whole["bn1.running_mean"])
    #expect(mean.bytes.contains { $0 != 0 })
    let other = try self.trainer { $2.shift = 1 }
    #expect(throws: SeqError.self) { try other.fit(train: train, dev: dev, monitor: monitor) }
  }

  /// After one step of one shard the running statistics are a tenth of the way to the batch's, as in
  /// PyTorch.
  @Test func runningStatisticsMoveByATenth() throws {
    let trainer = try trainer { architecture, training, augmentation in
      (training.epochs, training.batchSize, training.dropout) = (1, 7, 0)
      training.schedule = .constant
      augmentation = .none
    }
    let train = Self.examples(7, seed: 4)
    let model = try trainer.fit(train: train)
    let conv = model.network.blocks[0].convolution
    let initial = try self.trainer { architecture, training, augmentation in
      (training.epochs, training.batchSize, training.dropout) = (1, 7, 0)
      (training.learningRate, training.l2) = (0, 0)
      augmentation = .none
    }.fit(train: train)
    #expect(initial.parameters[conv.weight] != model.parameters[conv.weight])
    let norm = try #require(model.network.blocks[0].norm)
    let y = conv.forward(
      Self.scaled(train.images, model.options), Weights(initial.parameters))
    for c in 0..<3 {
      let values = (0..<7).flatMap { n in
        (0..<14 * 12).map { Double(y.values[(n * 3 + c) * 14 * 12 + $0]) }
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance =
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      #expect(abs(Double(model.parameters[norm.runningMean][c]) - 0.1 * mean) < 1e-5)
      #expect(
        abs(Double(model.parameters[norm.runningVariance][c]) - 0.9 - 0.1 * variance) < 1e-4)
    }
  }

  private static func scaled(_ images: ImageChunk, _ options: LeNetOptions) -> Tensor<Float> {
    Tensor(
      [images.count, images.channels, images.height, images.width],
      images.pixels.map { Float((Double($0) / 255 - options.mean) / options.deviation) })
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let data = Self.examples(12, seed: 1)
    #expect(throws: SeqError.self) { try trainer().fit(train: data.subset([])) }
    let square = LabelledImages(
      images: ImageChunk(height: 14, width: 14, pixels: [UInt8](repeating: 1, count: 196)),
      labels: [0], labelNames: Self.labels)
    #expect(throws: SeqError.self) { try trainer().fit(train: square) }
    #expect(throws: SeqError.self) { try trainer().fit(train: data, dev: square) }
    let named = LabelledImages(
      images: data.images, labels: data.labels, labelNames: ["a", "b", "c"])
    #expect(throws: SeqError.self) { try trainer().fit(train: named) }
  }
}
