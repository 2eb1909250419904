public import Pipeline

/// The architecture of a `LeNet`. What is only used in training stands in `TrainingOptions`.
public struct LeNetOptions: StageOptions {
  /// H and W of an image in pixels, and its channels C.
  public var height = 28
  public var width = 28
  public var channels = 1
  /// Maps of the first and of the second convolution.
  public var firstMaps = 6
  public var secondMaps = 16
  /// Units of the two hidden layers behind them.
  public var firstHidden = 120
  public var secondHidden = 84
  public var activation = Activation.relu
  public var pooling = MapPooling.max
  /// Whether each layer but the last is followed by `BatchNorm`.
  public var batchNorm = true
  /// The mean and the standard deviation of the pixels in training, from 0 to 1.
  public var mean = 0.0
  public var deviation = 1.0

  public init() {}

  /// What suits images: their size, and the mean and the deviation of all their pixels, rounded to
  /// six digits. O(pixels).
  public init(for images: ImageChunk) {
    (height, width, channels) = (images.height, images.width, images.channels)
    var counts = [Int](repeating: 0, count: 256)
    for pixel in images.pixels { counts[Int(pixel)] += 1 }
    let total = Double(max(1, images.pixels.count))
    let mean = counts.enumerated().reduce(0) { $0 + Double($1.offset * $1.element) } / total
    let variance =
      counts.enumerated().reduce(0) {
        $0 + (Double($1.offset) - mean) * (Double($1.offset) - mean) * Double($1.element)
      } / total
    func share(_ value: Double) -> Double { (value / 255 * 1e6).rounded() / 1e6 }
    self.mean = share(mean)
    deviation = variance > 0 ? max(1e-6, share(variance.squareRoot())) : 1
  }

  static let descriptors: [OptionDescriptor] = [
    OptionDescriptor("height", "rows of pixels of an image (H)"),
    OptionDescriptor("width", "columns of pixels (W)"),
    OptionDescriptor("channels", "1 for grey, 3 for colour (C)"),
    OptionDescriptor("firstMaps", "maps of the first convolution"),
    OptionDescriptor("secondMaps", "maps of the second convolution"),
    OptionDescriptor("firstHidden", "units of the first hidden layer behind the convolutions"),
    OptionDescriptor("secondHidden", "units of the second hidden layer"),
    OptionDescriptor(
      "activation", "the function behind each layer but the last",
      choices: Activation.allCases.map(\.rawValue)),
    OptionDescriptor(
      "pooling", "what becomes of 2 by 2 numbers of a map",
      choices: MapPooling.allCases.map(\.rawValue)),
    OptionDescriptor("batchNorm", "whether each layer but the last is normalised by the batch"),
    OptionDescriptor("mean", "what is taken from a pixel (from 0 to 1)"),
    OptionDescriptor("deviation", "what it is then divided by"),
  ]

  /// Checks the numbers.
  /// - Throws: `SeqError.invalidOption`.
  public func validate() throws {
    for (name, value, least, most) in [
      ("height", height, 12, 4096), ("width", width, 12, 4096), ("channels", channels, 1, 4096),
      ("firstMaps", firstMaps, 1, 4096), ("secondMaps", secondMaps, 1, 4096),
      ("firstHidden", firstHidden, 1, 1 << 16), ("secondHidden", secondHidden, 1, 1 << 16),
    ] where value < least || value > most {
      throw SeqError.invalidOption(
        name: name, value: "\(value)", reason: "must be from \(least) to \(most)")
    }
    for (name, value, least) in [("mean", mean, -1e6), ("deviation", deviation, 1e-6)]
    where !(least...1e6).contains(value) {
      throw SeqError.invalidOption(
        name: name, value: "\(value)", reason: "must be from \(least) to 1000000")
    }
  }
}

/// How 2 by 2 numbers of a map become one.
public enum MapPooling: String, Codable, Sendable, Hashable, CaseIterable {
  case max
  case average
}
