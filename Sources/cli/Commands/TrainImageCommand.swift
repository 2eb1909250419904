import ArgumentParser
import Pipeline
import Seq

/// `seqtool train image`: labelled images in, a model file out.
struct TrainImageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "Train a classifier of images.",
    discussion: """
      Reads a folder with the files of MNIST (train-images-idx3-ubyte, train-labels-idx1-ubyte, \
      plain or .gz), or one file of images with that of its labels beside it. The network is \
      LeNet-5 with rectified units, max pooling and batch normalisation; each epoch sees every \
      image shifted, turned and zoomed a little otherwise. A twentieth of the images, chosen by a \
      hash of each, is kept for development; the epoch with the best loss on it is saved.

        seqtool train image mnist -o digits.seqmodel
        seqtool evaluate -m digits.seqmodel mnist
        seqtool train image mnist --activation tanh --pooling average --no-batch-norm -o 1998.seqmodel
      """)

  @Argument(
    help: ArgumentHelp("A folder of IDX files, or a file of images.", valueName: "data"),
    completion: .file())
  var data: String

  @Option(
    help: "Judge on these images, or on a share of the data such as 5%; 0% is none.",
    completion: .file())
  var dev = DevelopmentPart.percent(5)

  @OptionGroup(title: "Network")
  var network: ImageNetworkOptions

  @OptionGroup(title: "Learning")
  var learning: CommonLearningOptions

  @OptionGroup(title: "Augmentation")
  var augmentation: AugmentationOptions

  @OptionGroup
  var options: TrainingRunOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    try OutputFile.check(options.output)
    let parts = try ImageParts(data, dev: dev)
    var recipe = ImageRecipe(for: parts.train.images)
    network.apply(to: &recipe.architecture)
    learning.apply(to: &recipe.training)
    options.apply(to: &recipe.training)
    augmentation.apply(to: &recipe.augmentation)
    let trainer = try ImageTrainer(
      architecture: recipe.architecture, training: recipe.training,
      augmentation: recipe.augmentation, labels: parts.train.labelNames)
    let provenance = TaskProvenance(
      command: "train image", train: parts.train.summary, dev: parts.dev?.summary,
      settings: JSONObject([
        ("dev_part", .string(parts.origin)),
        ("augmentation", try JSONValue(encoding: recipe.augmentation)),
      ]), training: recipe.training)
    let progress = try progress(parts, recipe)
    var best: EpochReport?
    let model = try trainer.fit(
      train: parts.train, dev: parts.dev, threads: options.threadCount,
      identity: provenance.identity, monitor: try options.checkpoints.monitor()
    ) { event in
      if case .kept(let report) = event { best = report }
      try progress.report(nil, event)
    }
    let bytes = try Self.file(
      model, try provenance.information(best), samples: Self.samples(of: parts.train))
    try AtomicFile.write(bytes, to: options.output)
    try progress.end(options.output, byteCount: bytes.count, weightCount: trainer.parameterCount)
  }

  private func progress(_ parts: ImageParts, _ recipe: ImageRecipe) throws -> TrainingProgress {
    let (train, dev) = (parts.train, parts.dev?.count ?? 0)
    let a = recipe.architecture
    return try TrainingProgress(
      "\(train.count) images of \(train.images.sizeText), \(train.labelNames.count) classes, to "
        + "learn from, \(dev) to judge on; lenet \(a.firstMaps)-\(a.secondMaps)-\(a.firstHidden)-"
        + "\(a.secondHidden), \(a.activation.rawValue), \(a.pooling.rawValue) pooling"
        + (a.batchNorm ? ", batch normalisation" : ""),
      JSONObject([
        ("train", .int(train.count)), ("dev", .int(dev)),
        ("classes", .int(train.labelNames.count)), ("height", .int(train.images.height)),
        ("width", .int(train.images.width)), ("channels", .int(train.images.channels)),
      ]), epochs: recipe.training.epochs, unit: "images", options.reporting)
  }

  private static func file(
    _ model: LeNet, _ information: ModelInformation, samples: ImageChunk
  ) throws -> [UInt8] {
    let chain = try Chain(model)
    return try ModelFile.bytes(
      of: chain, information: information, selfTest: SelfTest(of: chain, images: samples))
  }

  /// The images of the self-test: the first of each of the first eight classes.
  private static func samples(of data: LabelledImages) -> ImageChunk {
    data.images.subset(
      (0..<min(8, data.labelNames.count)).compactMap { label in
        data.labels.firstIndex(of: Int32(label))
      })
  }
}
