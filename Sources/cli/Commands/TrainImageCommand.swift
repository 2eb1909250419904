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
    let job = try ImageJob(recipe(for: parts), parts)
    let progress = try progress(parts, job.recipe)
    let bytes = try job.run(
      threads: options.threadCount, monitor: try options.checkpoints.monitor()
    ) { try progress.report(nil, $0) }
    try AtomicFile.write(bytes, to: options.output)
    try progress.end(options.output, byteCount: bytes.count, weightCount: job.parameterCount)
  }

  /// The recipe with what the options say.
  func recipe(for parts: ImageParts) -> ImageRecipe {
    var recipe = ImageRecipe(for: parts.train.images)
    network.apply(to: &recipe.architecture)
    learning.apply(to: &recipe.training)
    options.apply(to: &recipe.training)
    augmentation.apply(to: &recipe.augmentation)
    return recipe
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
}
