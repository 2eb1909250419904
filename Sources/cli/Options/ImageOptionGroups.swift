public import ArgumentParser
public import Seq

/// The shape of an image classifier. What is not given is LeNet-5's, with what was learnt since.
struct ImageNetworkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Maps of the first convolution.", valueName: "n"))
  var firstMaps: Int?

  @Option(help: ArgumentHelp("Maps of the second convolution.", valueName: "n"))
  var secondMaps: Int?

  @Option(help: ArgumentHelp("Units of the first hidden layer behind them.", valueName: "n"))
  var firstHidden: Int?

  @Option(help: ArgumentHelp("Units of the second hidden layer.", valueName: "n"))
  var secondHidden: Int?

  @Option(help: "The function behind each layer but the last.")
  var activation: Activation?

  @Option(help: "What becomes of 2 by 2 numbers of a map.")
  var pooling: MapPooling?

  @Flag(inversion: .prefixedNo, help: "Whether layers are normalised by the batch.")
  var batchNorm: Bool?

  /// Lays what was given over the recipe.
  func apply(to options: inout LeNetOptions) {
    if let firstMaps { options.firstMaps = firstMaps }
    if let secondMaps { options.secondMaps = secondMaps }
    if let firstHidden { options.firstHidden = firstHidden }
    if let secondHidden { options.secondHidden = secondHidden }
    if let activation { options.activation = activation }
    if let pooling { options.pooling = pooling }
    if let batchNorm { options.batchNorm = batchNorm }
  }
}

/// How images are moved at random while a network learns from them.
struct AugmentationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Shift images by up to this many pixels; 0 is off.", valueName: "x"))
  var shift: Double?

  @Option(help: ArgumentHelp("Turn images by up to this many degrees; 0 is off.", valueName: "x"))
  var rotation: Double?

  @Option(
    help: ArgumentHelp("Zoom images by up to this share, such as 0.1; 0 is off.", valueName: "p"))
  var zoom: Double?

  /// Lays what was given over the recipe.
  func apply(to augmentation: inout ImageAugmentation) {
    if let shift { augmentation.shift = shift }
    if let rotation { augmentation.rotation = rotation }
    if let zoom { augmentation.zoom = zoom }
  }
}

extension Activation: ExpressibleByArgument {}
extension MapPooling: ExpressibleByArgument {}
