import Pipeline
import Seq
import Testing

@Suite struct StateDictionaryTests {
  /// A classifier without features, and its weights under names that another framework might use.
  private static func foreign(
    _ cell: String = "lstm", pooling: String = "last", isBidirectional: Bool = false,
    names: [(String, String)] = [("embedding", "encoder"), ("rnn", "model.lstm"), ("head", "fc")]
  ) throws -> (RecurrentClassifier, SafetensorsFile) {
    var sample = SampleClassifier(
      cell: cell, pooling: pooling, isBidirectional: isBidirectional)
    sample.options.features = 0
    let classifier = try sample.make()
    var file = SafetensorsFile()
    for (name, tensor) in classifier.stateDictionary().tensors {
      let own = names.first { name.hasPrefix($0.0 + ".") }
      let other = own.map { $0.1 + name.dropFirst($0.0.count) } ?? name
      file.tensors[other] = tensor
    }
    return (classifier, file)
  }

  @Test(arguments: ONNXFile.cells, [false, true])
  func theArchitectureIsFoundFromNamesAndShapes(cell: String, isBidirectional: Bool) throws {
    let (original, file) = try Self.foreign(
      cell, pooling: "attention+last", isBidirectional: isBidirectional)
    let found = try RecurrentClassifier(
      StateDictionary(file, file: "f"), labels: original.labels,
      cell: cell == "rnn-relu" ? cell : nil, pooling: "attention+last", maximumLength: 25)
    #expect(found.options == original.options)
    #expect(found.stateDictionary() == original.stateDictionary())
  }

  @Test func bareNamesAreFoundToo() throws {
    let (original, file) = try Self.foreign(names: [])
    var bare = SafetensorsFile()
    for (name, tensor) in file.tensors {
      bare.tensors[name.hasPrefix("rnn.") ? String(name.dropFirst(4)) : name] = tensor
    }
    let found = try RecurrentClassifier(
      StateDictionary(bare, file: "f"), labels: original.labels, maximumLength: 25)
    #expect(found.stateDictionary() == original.stateDictionary())
  }

  /// One-hot vectors are the rows of the identity.
  @Test func oneHotVectorsNeedNoEmbedding() throws {
    let (original, whole) = try Self.foreign()
    var file = whole
    file.tensors["encoder.weight"] = nil
    let dictionary = try StateDictionary(file, file: "f").withOneHotInputs()
    let found = try RecurrentClassifier(dictionary, labels: original.labels)
    #expect(found.options.symbols == 6 && found.options.embedding == 6)
    let weight = found.network.embedding.weight
    #expect(found.parameters[weight] == (0..<36).map { $0 % 7 == 0 ? 1 : 0 })
    #expect(throws: SeqError.self) { try dictionary.withOneHotInputs() }
    var wide = SafetensorsFile()
    wide.tensors["rnn.weight_ih_l0"] = Resource(
      type: .f32, shape: [1, 4097], bytes: [UInt8](repeating: 0, count: 4 * 4097))
    wide.tensors["rnn.weight_hh_l0"] = Resource(
      type: .f32, shape: [1, 1], bytes: [0, 0, 0, 0])
    let error = #expect(throws: SeqError.self) {
      try StateDictionary(wide, file: "f").withOneHotInputs()
    }
    #expect(error?.description.contains("4097") == true)
  }

  @Test func otherWeightsKeepTheRest() throws {
    let (first, second) = (
      try SampleClassifier().make(seed: 1), try SampleClassifier().make(seed: 2)
    )
    #expect(first.stateDictionary() != second.stateDictionary())
    let replaced = try first.replacingWeights(
      by: StateDictionary(second.stateDictionary(), file: "f"))
    #expect(replaced.stateDictionary() == second.stateDictionary())
    #expect(replaced.options == first.options && replaced.labels == first.labels)
  }

  private func message(
    _ file: SafetensorsFile, cell: String? = nil, pooling: String = "last", labels: Int = 4
  ) -> String {
    let error = #expect(throws: SeqError.self) {
      try RecurrentClassifier(
        StateDictionary(file, file: "f"), labels: (0..<labels).map { "\($0)" }, cell: cell,
        pooling: pooling)
    }
    #expect(error?.category == .badData)
    return error?.description ?? ""
  }

  @Test func whatIsMissingWrongOrLeftOverIsNamed() throws {
    let (_, good) = try Self.foreign()
    var bad = good
    bad.tensors["model.lstm.bias_hh_l1"] = nil
    bad.tensors["more.running_mean"] = bad.tensors["fc.bias"]
    bad.tensors["model.lstm.weight_hh_l1"]?.shape = [21, 84]
    #expect(
      message(bad)
        == #"f: missing: "model.lstm.bias_hh_l1"; "model.lstm.weight_hh_l1" has shape [21, 84], "#
        + #"but [84, 21] is needed; not part of the network: "more.running_mean""#)
    #expect(message(SafetensorsFile()).contains("no recurrent layers"))
    #expect(message(good, labels: 3) == "f: \"fc.weight\" has 4 rows, but there are 3 labels")
    #expect(message(good, cell: "gru").contains("4 gates, but gru has 3"))
    #expect(message(good, pooling: "max+last").contains("\"fc.weight\" has shape [4, 21]"))
    #expect(message(good, pooling: "attention").contains("pooling.attention.context.weight"))
  }

  @Test func ambiguousNamesAreAskedFor() throws {
    let (original, good) = try Self.foreign()
    var two = good
    two.tensors["decoder.weight"] = two.tensors["encoder.weight"]
    #expect(message(two).contains("which is the embedding: \"decoder\", \"encoder\"?"))
    var twice = good
    for (name, tensor) in good.tensors where name.hasPrefix("model.lstm.") {
      twice.tensors["other" + name.dropFirst(5)] = tensor
    }
    #expect(message(twice).contains("which is the recurrent layers"))
    let named = try RecurrentClassifier(
      StateDictionary(good, file: "f"), labels: original.labels, maximumLength: 25,
      names: StateNames.Given(embedding: "encoder", rnn: "model.lstm", head: "fc"))
    #expect(named.stateDictionary() == original.stateDictionary())
  }

  @Test func numbersThatCannotServeAreRefused() throws {
    let (_, good) = try Self.foreign()
    var infinite = good
    infinite.tensors["fc.bias"]?.bytes.replaceSubrange(4..<8, with: [0, 0, 0x80, 0x7F])
    #expect(message(infinite).contains("\"fc.bias\" holds a number that is not finite"))
    var wide = good
    wide.tensors["fc.bias"]?.type = .f64
    #expect(message(wide).contains("\"fc.bias\" has type F64, but F32 is needed"))
    var projected = good
    projected.tensors["model.lstm.weight_hr_l0"] = projected.tensors["fc.weight"]
    #expect(message(projected).contains("proj_size"))
  }

  /// A huge claim in a shape that holds no bytes must not become a huge allocation.
  @Test func emptyTensorsClaimNothing() throws {
    let (_, good) = try Self.foreign()
    var bad = good
    bad.tensors["encoder.weight"] = Resource(type: .f32, shape: [60_000_000, 0], bytes: [])
    #expect(message(bad).contains("\"encoder.weight\" has shape [60000000, 0]"))
  }
}
