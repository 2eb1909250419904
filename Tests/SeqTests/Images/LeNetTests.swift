import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct LeNetTests {
  /// 13 by 14 pixels of two channels, four classes.
  private func model(
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

  private func images(_ count: Int, seed: UInt64 = 2) -> ImageChunk {
    var random = RandomGenerator(seed: seed)
    return ImageChunk(
      channels: 2, height: 13, width: 14,
      pixels: (0..<count * 2 * 13 * 14).map { _ in UInt8.random(in: 0...255, using: &random) })
  }

  @Test func keepsTheLawsOfStages() throws {
    for change: (inout LeNetOptions) -> Void in [
      { _ in }, { $0.batchNorm = false },
      { ($0.pooling, $0.activation) = (.average, .tanh) },
    ] {
      #expect(try StageLaws.violations(of: model(change), on: images(70)) == [])
    }
  }

  @Test func rowsAreDistributions() throws {
    var runner = try model().makeRunner(RunContext())
    let predictions = try runner.consume(images(40))
    for i in 0..<40 {
      let sum = predictions.row(i).reduce(0) { $0 + Double.exp(Double($1)) }
      #expect(abs(sum - 1) < 1e-5)
    }
    #expect(Set(predictions.logProbabilities).count > 100)
  }

  @Test func imagesOfAnotherSizeAreRefused() throws {
    var runner = try model().makeRunner(RunContext())
    for chunk in [
      ImageChunk(channels: 2, height: 14, width: 13), ImageChunk(height: 13, width: 14),
    ] {
      let error = #expect(throws: SeqError.self) { try runner.consume(chunk) }
      #expect(error.map { "\($0)".contains("13 by 14 pixels of 2 channels") } == true)
    }
  }

  @Test func tensorsHavePyTorchsNamesAndShapes() throws {
    var writer = ResourceWriter()
    try model().write(to: &writer)
    var expected = [
      "labels": [19], "conv1.weight": [3, 2, 5, 5], "conv1.bias": [3],
      "conv2.weight": [5, 3, 5, 5], "conv2.bias": [5], "fc1.weight": [11, 5], "fc1.bias": [11],
      "fc2.weight": [7, 11], "fc2.bias": [7], "fc3.weight": [4, 7], "fc3.bias": [4],
    ]
    for (norm, size) in [("bn1", 3), ("bn2", 5), ("bn3", 11), ("bn4", 7)] {
      for name in ["weight", "bias", "running_mean", "running_var"] {
        expected["\(norm).\(name)"] = [size]
      }
    }
    #expect(writer.resources.mapValues(\.shape) == expected)
  }

  @Test func optionsWithoutMeaningAreRefused() {
    for change: (inout LeNetOptions) -> Void in [
      { $0.height = 11 }, { $0.width = 5000 }, { $0.channels = 0 }, { $0.firstMaps = 0 },
      { $0.secondHidden = -1 }, { $0.deviation = 0 }, { $0.mean = .nan },
    ] { #expect(throws: SeqError.self) { try model(change) } }
    #expect(throws: Never.self) { try model { ($0.height, $0.width) = (12, 12) } }
  }

  /// The options of a file claim 2^40 weights: the tensors, which are not there, are asked for first.
  @Test func hugeOptionsCostNoMemory() throws {
    var options = LeNetOptions()
    (options.height, options.width, options.secondMaps) = (4096, 4096, 4096)
    options.firstHidden = 1 << 16
    #expect(throws: PipelineError.missingResource("conv1.weight")) {
      try LeNet(
        options: options,
        resources: ResourceReader([
          "labels": Resource(type: .u8, shape: [4], bytes: Array("a\nb\n".utf8))
        ]))
    }
  }

  @Test func theScaleOfPixelsIsThatOfTheImages() {
    let options = LeNetOptions(
      for: ImageChunk(height: 1, width: 2, pixels: [0, 255, 255, 255]))
    #expect(options.mean == 0.75 && options.deviation == 0.433013)
    #expect(LeNetOptions(for: ImageChunk(height: 1, width: 1, pixels: [9])).deviation == 1)
  }
}
