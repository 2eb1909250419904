import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct LeNetTests {
  @Test func keepsTheLawsOfStages() throws {
    for change: (inout LeNetOptions) -> Void in [
      { _ in }, { $0.batchNorm = false },
      { ($0.pooling, $0.activation) = (.average, .tanh) },
    ] {
      let model = try SampleLeNet.make(change)
      #expect(try StageLaws.violations(of: model, on: SampleLeNet.images(70)) == [])
    }
  }

  @Test func rowsAreDistributions() throws {
    var runner = try SampleLeNet.make().makeRunner(RunContext())
    let predictions = try runner.consume(SampleLeNet.images(40))
    for i in 0..<40 {
      let sum = predictions.row(i).reduce(0) { $0 + Double.exp(Double($1)) }
      #expect(abs(sum - 1) < 1e-5)
    }
    #expect(Set(predictions.logProbabilities).count > 100)
  }

  @Test func imagesOfAnotherSizeAreRefused() throws {
    var runner = try SampleLeNet.make().makeRunner(RunContext())
    for chunk in [
      ImageChunk(channels: 2, height: 14, width: 13), ImageChunk(height: 13, width: 14),
    ] {
      let error = #expect(throws: SeqError.self) { try runner.consume(chunk) }
      #expect(error.map { "\($0)".contains("13 by 14 pixels of 2 channels") } == true)
    }
  }

  @Test func tensorsHavePyTorchsNamesAndShapes() throws {
    var writer = ResourceWriter()
    try SampleLeNet.make().write(to: &writer)
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
    ] { #expect(throws: SeqError.self) { try SampleLeNet.make(change) } }
    #expect(throws: Never.self) { try SampleLeNet.make { ($0.height, $0.width) = (12, 12) } }
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
