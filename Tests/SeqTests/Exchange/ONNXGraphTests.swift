import Pipeline
import Seq
import Testing

/// The form of the files; `Tests/Long/exchange.py` lets onnxruntime compute with them.
@Suite struct ONNXGraphTests {
  @Test(arguments: ONNXFile.cells, [false, true])
  func everyNameIsMadeBeforeItIsUsed(cell: String, isBidirectional: Bool) throws {
    let classifier = try SampleClassifier(
      cell: cell, pooling: "last+mean+max+attention", isBidirectional: isBidirectional
    ).make()
    let file = try ONNXFile(classifier.onnx())
    #expect(file.operatorSet == 17 && file.formatVersion == 8)
    #expect(
      file.inputs == [
        "ids: 7 [\"batch\", \"time\"]", "lengths: 7 [\"batch\"]",
        "features: 7 [\"batch\", \"features\"]",
      ])
    #expect(
      file.outputs == [
        "logits: 1 [\"batch\", \"4\"]", "log_probabilities: 1 [\"batch\", \"4\"]",
      ])
    let inputs = file.inputs.map { String($0.prefix { $0 != ":" }) }
    var known = Set(inputs).union(file.constants.keys).union([""])
    for node in file.nodes {
      for input in node.inputs { #expect(known.contains(input), "\(node.operation): \(input)") }
      for output in node.outputs { #expect(known.insert(output).inserted, "\(output)") }
    }
    #expect(known.isSuperset(of: ["logits", "log_probabilities"]))
    let used = Set(file.nodes.flatMap(\.inputs))
    for (name, constant) in file.constants {
      #expect(used.contains(name))
      let size = constant.type == 7 ? 8 : 4
      #expect(constant.bytes.count == constant.shape.reduce(size, *), "\(name)")
    }
    let operation = cell.hasPrefix("rnn") ? "RNN" : cell.uppercased()
    let layers = file.nodes.filter { $0.operation == operation }
    #expect(layers.count == 2)
    for layer in layers {
      #expect(layer.attributes["hidden_size"] == ["21"])
      #expect(layer.attributes["direction"] == [isBidirectional ? "bidirectional" : "forward"])
      #expect(layer.attributes["linear_before_reset"] == (cell == "gru" ? ["1"] : nil))
      let relu = [String](repeating: "Relu", count: isBidirectional ? 2 : 1)
      #expect(layer.attributes["activations"] == (cell == "rnn-relu" ? relu : nil))
    }
  }

  /// PyTorch has i f g o and r z n, ONNX has i o f c and z r h.
  @Test(arguments: [("lstm", [0, 3, 1, 2]), ("gru", [1, 0, 2]), ("rnn", [0])])
  func gatesStandInTheOrderOfONNX(cell: String, order: [Int]) throws {
    let classifier = try SampleClassifier(cell: cell).make()
    let file = try ONNXFile(classifier.onnx())
    let directions = classifier.network.stack.layers[1]
    let (hidden, gates) = (21, order.count)
    let w = try #require(file.constants["rnn_l1_W"])
    #expect(w.shape == [2, gates * hidden, 2 * hidden])
    let b = try #require(file.constants["rnn_l1_B"])
    #expect(b.shape == [2, 2 * gates * hidden])
    for (d, layer) in directions.enumerated() {
      let (weights, ih, hh) = (
        classifier.parameters[layer.weightIH], classifier.parameters[layer.biasIH],
        classifier.parameters[layer.biasHH]
      )
      for (place, gate) in order.enumerated() {
        let size = hidden * 2 * hidden
        let start = (d * gates + place) * size
        #expect(
          Array(w.floats[start..<start + size]) == Array(weights[gate * size..<(gate + 1) * size]))
        let bias = (2 * d * gates + place) * hidden
        #expect(
          Array(b.floats[bias..<bias + hidden]) == Array(ih[gate * hidden..<(gate + 1) * hidden]))
        let recurrent = bias + gates * hidden
        #expect(
          Array(b.floats[recurrent..<recurrent + hidden])
            == Array(hh[gate * hidden..<(gate + 1) * hidden]))
      }
    }
  }

  @Test func equalModelsGiveEqualBytes() throws {
    let metadata = ["b": "2", "a": "1", "labels": "[]"]
    let bytes = try SampleClassifier().make().onnx(metadata: metadata)
    #expect(try SampleClassifier().make().onnx(metadata: metadata) == bytes)
    #expect(try ONNXFile(bytes).metadata == metadata)
  }

  @Test func aModelWithoutFeaturesHasNoSuchInput() throws {
    var sample = SampleClassifier()
    sample.options.features = 0
    let file = try ONNXFile(sample.make().onnx())
    #expect(file.inputs.count == 2)
    #expect(file.constants["features.weight"] == nil)
  }

  /// The row of zeros that -1 counts back to.
  @Test func theTableOfFeaturesEndsInZeros() throws {
    let table = try #require(
      try ONNXFile(SampleClassifier().make().onnx()).constants["features.weight"])
    #expect(table.shape == [31, 4])
    #expect(table.floats.suffix(4) == [0, 0, 0, 0])
    #expect(table.floats.prefix(120).contains { $0 != 0 })
  }

  @Test func cellsThatONNXLacksAreRefused() {
    struct Other: RecurrentCell {
      var name: String { "other" }
      var gateCount: Int { 1 }
      var stateCount: Int { 1 }
      var cacheCount: Int { 0 }
      var separatesRecurrentGradient: Bool { false }
      func step<S: Scalar>(_ step: CellStep<S>) {}
      func stepBackward<S: Scalar>(_ step: CellStepGradient<S>) {}
    }
    #expect(throws: SeqError.self) { try ONNXCell(Other()) }
  }
}
