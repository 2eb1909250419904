import Pipeline
import Seq

/// A network of random weights with pairwise distinct sizes, and images for it.
enum SampleLeNet {
  /// 13 by 14 pixels of two channels, four classes.
  static func make(
    _ change: (inout LeNetOptions) -> Void = { _ in }, seed: UInt64 = 1
  ) throws -> LeNet {
    var options = LeNetOptions()
    (options.height, options.width, options.channels) = (13, 14, 2)
    (options.firstMaps, options.secondMaps) = (3, 5)
    (options.firstHidden, options.secondHidden) = (11, 7)
    (options.mean, options.deviation) = (0.4, 0.3)
    change(&options)
    let network = try LeNetNetwork(options, classCount: 4)
    var parameters: ParameterVector<Float> = Samples.parameters(network.layout, seed: seed)
    for parameter in network.layout.parameters where parameter.name.hasSuffix("running_var") {
      parameters[parameter] = parameters[parameter].map { abs($0) + 0.1 }
    }
    return LeNet(
      labels: ["one", "two", "three", "four"], network: network, parameters: parameters)
  }

  static func images(_ count: Int, seed: UInt64 = 2) -> ImageChunk {
    var random = RandomGenerator(seed: seed)
    return ImageChunk(
      channels: 2, height: 13, width: 14,
      pixels: (0..<count * 2 * 13 * 14).map { _ in UInt8.random(in: 0...255, using: &random) })
  }
}
