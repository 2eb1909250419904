import Pipeline
import Seq
import Testing

@Suite struct LeNetExchangeTests {
  @Test func theGraphIsTheNetwork() throws {
    let file = try ONNXFile(try SampleLeNet.make().onnx(metadata: ["a": "b"]))
    #expect(file.inputs == ["images: 1 [\"batch\", \"2\", \"13\", \"14\"]"])
    #expect(
      file.outputs
        == ["logits: 1 [\"batch\", \"4\"]", "log_probabilities: 1 [\"batch\", \"4\"]"])
    let block = ["Conv", "BatchNormalization", "Relu", "MaxPool"]
    let layer = ["Gemm", "BatchNormalization", "Relu"]
    #expect(
      file.nodes.map(\.operation) == ["Mul", "Add"] + block + block + ["Flatten"] + layer + layer
        + ["Gemm", "LogSoftmax"])
    #expect(
      file.nodes.filter { $0.operation == "Conv" }.map { $0.attributes["pads"] }
        == [["2", "2", "2", "2"], ["0", "0", "0", "0"]])
    #expect(file.constants["bn2.running_var"]?.shape == [5])
    let plain = try ONNXFile(
      try SampleLeNet.make {
        ($0.batchNorm, $0.activation, $0.pooling) = (false, .tanh, .average)
      }.onnx())
    #expect(
      plain.nodes.map(\.operation).filter { !["Mul", "Add", "Flatten"].contains($0) } == [
        "Conv", "Tanh", "AveragePool", "Conv", "Tanh", "AveragePool", "Gemm", "Tanh", "Gemm",
        "Tanh", "Gemm", "LogSoftmax",
      ])
  }

  @Test func weightsComeBackBitForBit() throws {
    let file = try SampleLeNet.make().stateDictionary()
    let other = try SampleLeNet.make(seed: 9)
    #expect(other.stateDictionary() != file)
    let back = try other.replacingWeights(by: StateDictionary(file, file: "f"))
    #expect(back.stateDictionary() == file)
    // What PyTorch saves beside the weights.
    var theirs = file
    theirs.tensors["bn1.num_batches_tracked"] = Resource(
      type: .i64, shape: [], bytes: [7, 0, 0, 0, 0, 0, 0, 0])
    let read = try SafetensorsFile.read(theirs.bytes())
    let again = try other.replacingWeights(by: StateDictionary(read, file: "f"))
    #expect(again.stateDictionary() == file)
    #expect(throws: SeqError.self) {
      try other.replacingWeights(
        by: StateDictionary(file, file: "f"), names: StateNames.Given(head: "fc3"))
    }
    var missing = file
    missing.tensors["bn1.running_mean"] = nil
    let error = #expect(throws: SeqError.self) {
      try other.replacingWeights(by: StateDictionary(missing, file: "f"))
    }
    #expect("\(error, default: "")".contains("bn1.running_mean"))
  }

  @Test func answersAreCompared() throws {
    let model = try SampleLeNet.make()
    let images = SampleLeNet.images(3)
    let logits = model.logits(images)
    func difference(
      _ values: [Float], pixels: NPYArray? = nil, name: String = "logits"
    ) throws -> Double {
      let whole = try NPYArray.of(.uint8, [3, 2, 13, 14], images.pixels)
      return try model.largestDifference(
        from: ["images": pixels ?? whole, name: .of(.float32, [3, 4], values)], file: "f")
    }
    #expect(try difference(logits.values) == 0)
    let floats = try NPYArray.of(.float32, [3, 2, 13, 14], images.pixels.map { Float($0) })
    #expect(try difference(logits.values, pixels: floats) == 0)
    var wrong = logits.values
    wrong[5] += 0.5
    #expect(abs(try difference(wrong) - 0.5) < 1e-5)
    wrong[7] = .nan
    #expect(try difference(wrong).isNaN)
    let probabilities = try Chain(model).run(images, as: PredictionChunk.self).logProbabilities
    #expect(try difference(probabilities, name: "log_probabilities") == 0)
    #expect(throws: SeqError.self) { try difference(logits.values, name: "other") }
    #expect(throws: SeqError.self) {
      try difference(
        logits.values, pixels: .of(.float32, [3, 2, 13, 14], images.pixels.map { Float($0) + 0.5 }))
    }
    #expect(throws: SeqError.self) {
      try difference(logits.values, pixels: .of(.uint8, [6, 1, 13, 14], images.pixels))
    }
  }
}
