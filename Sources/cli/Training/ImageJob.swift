import Pipeline
import Seq

/// From labelled images to a classifier's file.
struct ImageJob: TrainingJob {
  let recipe: ImageRecipe
  let parts: ImageParts
  private let trainer: ImageTrainer

  /// - Throws: where an option has no meaning.
  init(_ recipe: ImageRecipe, _ parts: ImageParts) throws {
    trainer = try ImageTrainer(
      architecture: recipe.architecture, training: recipe.training,
      augmentation: recipe.augmentation, labels: parts.train.labelNames)
    self.recipe = recipe
    self.parts = parts
  }

  var training: TrainingOptions { recipe.training }
  var parameterCount: Int { trainer.parameterCount }

  /// - Parameter monitor: where to save, and whether to stop.
  /// - Returns: the bytes of the model file.
  func run(
    threads: Int, monitor: (any TrainingMonitor)?,
    onEvent: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    let provenance = TaskProvenance(
      command: "train image", train: parts.train.summary, dev: parts.dev?.summary,
      settings: JSONObject([
        ("dev_part", .string(parts.origin)),
        ("augmentation", try JSONValue(encoding: recipe.augmentation)),
      ]), training: recipe.training)
    var best: EpochReport?
    let model = try trainer.fit(
      train: parts.train, dev: parts.dev, threads: threads, identity: provenance.identity,
      monitor: monitor
    ) { event in
      if case .kept(let report) = event { best = report }
      try onEvent(event)
    }
    let chain = try Chain(model)
    return try ModelFile.bytes(
      of: chain, information: provenance.information(best),
      selfTest: SelfTest(of: chain, images: Self.samples(of: parts.train)))
  }

  func modelBytes(threads: Int, monitor: any TrainingMonitor) throws -> [UInt8] {
    try run(threads: threads, monitor: monitor)
  }

  /// The images of the self-test: the first of each of the first eight classes.
  private static func samples(of data: LabelledImages) -> ImageChunk {
    data.images.subset(
      (0..<min(8, data.labelNames.count)).compactMap { label in
        data.labels.firstIndex(of: Int32(label))
      })
  }
}
