public import Pipeline

/// A trained LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998): from images of one size to the
/// log-probabilities of K classes.
///
/// Beside the original it has rectified units, max pooling and batch normalisation where the options
/// say so, plain pooling without weights of its own, every map of the second convolution joined to all
/// of the first, and a softmax in place of radial basis functions. An image's result does not depend,
/// to the last bit, on the images beside it, on how they were cut into chunks, or on the number of
/// threads.
public struct LeNet: Stage {
  public static let descriptor = StageDescriptor(
    id: "classify.lenet@1", summary: "labels images by a convolutional network, LeNet-5",
    input: .images, output: .predictions, isModel: true, options: LeNetOptions.descriptors)

  public let options: LeNetOptions
  /// The K class names.
  public let labels: [String]
  package let network: LeNetNetwork
  package let parameters: ParameterVector<Float>

  /// No image, of the size that the network takes.
  public var input: ImageChunk {
    ImageChunk(channels: options.channels, height: options.height, width: options.width)
  }

  /// A classifier with the given weights.
  package init(labels: [String], network: LeNetNetwork, parameters: ParameterVector<Float>) {
    self.options = network.options
    self.labels = labels
    self.network = network
    self.parameters = parameters
  }

  /// Reads the labels and the weights.
  /// - Throws: where an option has no meaning, or a tensor is missing or has another shape.
  public init(options: LeNetOptions, resources: ResourceReader) throws {
    let labels = try LabelList.decode(try resources.bytes("labels"))
    let network = try LeNetNetwork(options, classCount: labels.count)
    let parameters = try ParameterVector<Float>(network.layout, reading: resources)
    self.init(labels: labels, network: network, parameters: parameters)
  }

  public func write(to resources: inout ResourceWriter) throws {
    try resources.add("labels", bytes: LabelList.encode(labels))
    try parameters.write(to: &resources)
  }

  public func makeRunner(
    _ context: RunContext
  ) throws -> any StageRunner<ImageChunk, PredictionChunk> {
    LeNetRunner(self)
  }

  /// Predictions for a chunk, cut into pieces that the pool works on.
  func predict(_ images: ImageChunk, pool: WorkerPool) -> PredictionChunk {
    let size = max(1, (images.count + pool.threads - 1) / pool.threads)
    let starts = Array(stride(from: 0, to: images.count, by: size))
    let results = Slots(starts.count) { _ in PredictionChunk(labels: labels) }
    pool.run(starts.count) { i in
      results[i] = LeNetRunner(self).predict(
        images, starts[i]..<min(starts[i] + size, images.count))
    }
    var all = PredictionChunk(labels: labels)
    for i in 0..<results.count { all.logProbabilities += results[i].logProbabilities }
    return all
  }

  /// The same classifier with its logits divided by the temperature that makes the loss of the given
  /// predictions smallest (Guo et al., 2017, section 4.2), folded into the weights.
  func calibrated(on predictions: PredictionChunk, targets: [Int32]) -> LeNet {
    let temperature = Temperature.fitted(predictions, targets: targets)
    var parameters = parameters
    for parameter in [network.head.weight, network.head.bias].compactMap({ $0 }) {
      Float.scale(
        parameters.mutablePointer(parameter), by: Float(1 / temperature), count: parameter.count)
    }
    return LeNet(labels: labels, network: network, parameters: parameters)
  }
}

/// The runner keeps the weights laid out for the kernels; it has no state of its own.
struct LeNetRunner: StageRunner {
  private let model: LeNet
  private let weights: Weights<Float>

  /// How many images go through the network together: few enough for their maps to stay cached.
  private static let batchSize = 32

  init(_ model: LeNet) {
    self.model = model
    weights = model.network.weights(model.parameters, forTraining: false)
  }

  /// - Throws: `SeqError.unusableData` where the images are of another size.
  mutating func consume(_ chunk: ImageChunk) throws -> PredictionChunk {
    try chunk.validate(for: model.options)
    return predict(chunk, 0..<chunk.count)
  }

  func predict(_ images: ImageChunk, _ part: Range<Int>) -> PredictionChunk {
    let k = model.labels.count
    var values = Tensor<Float>([part.count, k], logits(images, part))
    Float.logSoftmax(values.mutablePointer, rows: part.count, columns: k)
    var result = PredictionChunk(labels: model.labels)
    result.logProbabilities = values.values
    return result
  }

  /// The logits of some images, one row of K after the other.
  func logits(_ images: ImageChunk, _ part: Range<Int>) -> [Float] {
    var result: [Float] = []
    for start in stride(from: part.lowerBound, to: part.upperBound, by: Self.batchSize) {
      let batch = start..<min(start + Self.batchSize, part.upperBound)
      let x: Tensor<Float> = images.tensor(Array(batch), model.options)
      result += model.network.logits(x, weights).values
    }
    return result
  }
}

extension ImageChunk {
  /// Some images as the network takes them, `[N, C, H, W]`: (pixel / 255 - mean) / deviation.
  func tensor<S>(_ records: [Int], _ options: LeNetOptions) -> Tensor<S> {
    var x = Tensor<S>(uninitialized: [records.count, channels, height, width])
    let values = x.mutablePointer
    let (factor, shift) = options.scaling(S.self)
    pixels.withUnsafeBufferPointer { pixels in
      for (n, record) in records.enumerated() {
        for i in 0..<size { values[n * size + i] = S(pixels[record * size + i]) * factor + shift }
      }
    }
    return x
  }

  /// Checks that the images are of the size that a model takes.
  /// - Throws: `SeqError.unusableData`.
  func validate(for options: LeNetOptions) throws {
    let needed = ImageChunk(
      channels: options.channels, height: options.height, width: options.width)
    guard sizeText == needed.sizeText else {
      throw SeqError.unusableData(
        "the images have \(sizeText), but the model takes \(needed.sizeText) (height by width)")
    }
  }
}

extension LeNetOptions {
  /// What a pixel from 0 to 255 is multiplied by, and what is then added.
  func scaling<S: Scalar>(_: S.Type) -> (factor: S, shift: S) {
    (S(1 / (255 * deviation)), S(-mean / deviation))
  }
}
