import Pipeline
import Seq
import Testing

@Suite struct LanguageModelExchangeTests {
  @Test func theGraphHandsItsStatesOn() throws {
    let file = try ONNXFile(try SampleLanguageModel.make().onnx(metadata: ["a": "b"]))
    let states = "1 [\"2\", \"batch\", \"5\"]"
    #expect(
      file.inputs == ["ids: 7 [\"batch\", \"time\"]", "h_0: \(states)", "c_0: \(states)"])
    #expect(
      file.outputs
        == ["logits: 1 [\"batch\", \"time\", \"7\"]", "h_n: \(states)", "c_n: \(states)"])
    #expect(file.metadata == ["a": "b"])
    let gru = try ONNXFile(try SampleLanguageModel.make(cell: "gru", tied: true).onnx())
    #expect(gru.inputs.count == 2 && gru.outputs.count == 2)
    #expect(gru.constants["embedding.weight"]?.shape == [7, 5])
    #expect(gru.constants["decoder.weight"] == nil)
  }

  @Test func normalisedLayersAreNormalisedThere() throws {
    let model = try SampleLanguageModel.make(normalization: .layer)
    let nodes = try ONNXFile(try model.onnx()).nodes.filter {
      $0.operation == "LayerNormalization"
    }
    #expect(
      nodes.map { Array($0.inputs.dropFirst()) } == [
        ["norms.0.weight", "norms.0.bias"], ["norms.1.weight", "norms.1.bias"],
      ])
    #expect(nodes.allSatisfy { $0.attributes["axis"] == ["2"] })
  }

  @Test func batchNormalisationIsAFactorAndASummand() throws {
    let model = try SampleLanguageModel.make(normalization: .batch)
    let file = try ONNXFile(try model.onnx())
    let scaled = file.nodes.filter { $0.operation == "Mul" }
    #expect(scaled.map { $0.inputs.last } == ["norms.0.factor", "norms.1.factor"])
    #expect(file.constants["norms.1.summand"]?.shape == [5])
  }

  @Test(arguments: [false, true])
  func weightsComeBackBitForBit(tied: Bool) throws {
    let model = try SampleLanguageModel.make(tied: tied, normalization: .layer)
    let file = model.stateDictionary()
    #expect(file.tensors["decoder.weight"]?.shape == [7, 5])
    let other = try SampleLanguageModel.make(tied: tied, seed: 9, normalization: .layer)
    let back = try other.replacingWeights(by: StateDictionary(file, file: "f"))
    #expect(back.stateDictionary() == file)
    #expect(other.stateDictionary() != file)
  }

  @Test func otherNamesAreFoundAndTiedWeightsThatDifferRefused() throws {
    let model = try SampleLanguageModel.make(tied: true)
    var file = SafetensorsFile(metadata: [:])
    for (name, tensor) in model.stateDictionary().tensors {
      let own = ["embedding.": "encoder.", "rnn.": "lstm.", "decoder.": "out."]
      let prefix = try #require(own.keys.first { name.hasPrefix($0) })
      file.tensors[(own[prefix] ?? "") + name.dropFirst(prefix.count)] = tensor
    }
    let back = try model.replacingWeights(
      by: StateDictionary(file, file: "f"), names: StateNames.Given(embedding: "encoder"))
    #expect(back.stateDictionary() == model.stateDictionary())
    let untied = try SampleLanguageModel.make(tied: true, seed: 9).stateDictionary()
    file.tensors["out.weight"] = untied.tensors["embedding.weight"]
    let error = #expect(throws: SeqError.self) {
      try model.replacingWeights(
        by: StateDictionary(file, file: "f"), names: StateNames.Given(embedding: "encoder"))
    }
    #expect(error?.description.contains("one matrix for both") == true)
  }

  @Test func differencesAreMeasured() throws {
    let model = try SampleLanguageModel.make()
    let ids: [Int32] = [1, 2, 3, 4, 0, 6, 5, 2]
    var values = model.logits(ids, sequences: 2).logits.values
    func difference(_ shape: [Int] = [2, 4, 7], ids: [Int32] = ids) throws -> Double {
      try model.largestDifference(
        from: [
          "ids": try NPYArray.of(.int32, [2, 4], ids),
          "logits": try NPYArray.of(.float32, shape, values),
        ], file: "f")
    }
    #expect(try difference() <= 1e-6)
    values[13] += 0.25
    #expect(abs(try difference() - 0.25) < 1e-5)
    values[2] = .nan
    #expect(try difference().isNaN)
    #expect(throws: SeqError.self) { try difference([4, 2, 7]) }
    #expect(throws: SeqError.self) { try difference(ids: [1, 2, 3, 4, 0, 7, 5, 2]) }
    #expect(throws: SeqError.self) { try model.largestDifference(from: [:], file: "f") }
  }

  /// Streams are read as one would read them one by one.
  @Test func logitsAreThoseOfASequenceByItself() throws {
    let model = try SampleLanguageModel.make(cell: "gru")
    let both = model.logits([1, 2, 3, 4, 0, 6], sequences: 2)
    let second = model.logits([4, 0, 6], sequences: 1)
    #expect(Array(both.logits.values.suffix(21)) == second.logits.values)
    #expect(both.final[1][0].hidden[1, 0] == second.final[1][0].hidden[0, 0])
  }
}
