import Pipeline
import TestSupport
import Testing

@Suite struct ExportCommandTests {
  @Test func everyFormatHoldsTheSameWeights() throws {
    let (folder, seqtool) = try ModelFixture.folder()
    for format in ["safetensors", "pytorch", "onnx"] {
      let result = try seqtool.run("export", "--model", "m", "--to", format, "-o", format)
      #expect(
        result.code == 0 && result.stdout.isEmpty && result.stderr.isEmpty, "\(result.errors)")
    }
    let model = try SafetensorsFile.read(try folder.read("m"))
    let plain = try SafetensorsFile.read(try folder.read("safetensors"))
    #expect(plain.tensors == model.tensors && plain.metadata.isEmpty)
    let state = try SafetensorsFile.read(try folder.read("pytorch"))
    #expect(state.tensors == model.tensors.filter { $0.value.type == .f32 })
    #expect(state.tensors.keys.contains("rnn.weight_ih_l0"))
    #expect(state.metadata == ["format": "pt"])
    let graph = try folder.read("onnx")
    let bias = try #require(state.tensors["head.bias"]).bytes
    #expect(graph.firstRange(of: bias) != nil)
    #expect(graph.firstRange(of: Array("log_probabilities".utf8)) != nil)
  }

  @Test func theDescriptionSaysWhatWeightsDoNot() throws {
    let (folder, seqtool) = try ModelFixture.folder()
    #expect(try seqtool.run("export", "-m", "m", "--to", "pytorch", "-o", "w").code == 0)
    let object = try JSONParser.parse(try folder.read("w.json"))
    #expect(object["labels"]?.arrayValue?.count == 18)
    #expect(object["network"]?["cell"] == "lstm" && object["network"]?["hidden"] == 16)
    let vocabulary = try #require(object["vocabulary"]?.arrayValue)
    #expect(vocabulary.count == object["network"]?["symbols"]?.intValue)
    #expect(vocabulary.first == "<unk>" && vocabulary.contains("é"))
    let stages = (object["pipeline"]?.arrayValue ?? []).compactMap { $0["stage"]?.stringValue }
    #expect(stages.first == "normalize.unicode@1" && stages.last == "classify.recurrent@1")
  }

  @Test func referencesAreWhatTheModelAnswers() throws {
    let (folder, seqtool) = try ModelFixture.folder()
    try folder.write("texts", "Satoshi\n\nO’Connor")
    let flags = ["--to", "onnx", "-o", "m.onnx"]
    let made = try seqtool.run(
      ["export", "-m", "m", "--reference", "r.npz", "--records", "texts"] + flags)
    #expect(made.code == 0, "\(made.errors)")
    let arrays = try NPZReader(try folder.read("r.npz")).arrays
    #expect(
      arrays.keys.sorted() == ["features", "ids", "lengths", "log_probabilities", "logits"])
    #expect(arrays["lengths"]?.integers == [8, 1, 9])
    #expect(arrays["ids"]?.shape == [3, 9])
    #expect(arrays["logits"]?.shape == [3, 18])
    let checked = try seqtool.run(["export", "-m", "m", "--verify", "r.npz"] + flags)
    #expect(checked.code == 0 && checked.output.hasPrefix("largest difference: "))
    let difference = try #require(
      Double(checked.output.split(separator: " ").last?.dropLast() ?? ""))
    #expect(difference <= 1e-6)
  }

  @Test func aDifferenceEndsWithOneAndWritesNothing() throws {
    let (folder, seqtool) = try ModelFixture.folder()
    #expect(
      try seqtool.run("export", "-m", "m", "--to", "onnx", "-o", "a", "--reference", "r.npz").code
        == 0)
    let arrays = try NPZReader(try folder.read("r.npz")).arrays
    let file = try StreamedFile(folder.file("bad.npz"))
    let writer = NPZWriter(descriptor: file.descriptor, file: "bad.npz")
    for name in ["ids", "lengths", "features"] {
      let array = try #require(arrays[name])
      try writer.add(name, .int64, shape: array.shape, (array.integers ?? []).map(Int64.init))
    }
    var logits = try #require(arrays["logits"]?.doubles)
    logits[5] += 0.01
    try writer.add("logits", .float64, shape: [logits.count / 18, 18], logits)
    try writer.finish()
    try file.commit()
    func export(_ more: String...) throws -> BinaryResult {
      try seqtool.run(
        ["export", "-m", "m", "--to", "onnx", "-o", "b", "--verify", "bad.npz"] + more)
    }
    let refused = try export()
    #expect(refused.code == 1 && refused.output.hasPrefix("largest difference: 0.0"))
    #expect(refused.errors.contains("above 1e-05"))
    #expect(throws: SystemFailure.self) { try folder.read("b") }
    #expect(try export("--tolerance", "0.1").code == 0)
  }

  @Test func wrongRequestsEndWithTheirCodes() throws {
    let (folder, seqtool) = try ModelFixture.folder()
    try folder.write("text", "no archive")
    func code(_ arguments: String...) throws -> Int {
      let result = try seqtool.run(["export"] + arguments)
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      return result.code
    }
    #expect(try code("-m", "m", "--to", "keras", "-o", "x") == 64)
    #expect(try code("-m", "m", "--to", "onnx") == 64)
    #expect(try code("-m", "m", "--to", "onnx", "-o", "x", "--records", "text") == 64)
    #expect(try code("-m", "m", "--to", "onnx", "-o", "x", "--tolerance", "-1") == 64)
    #expect(try code("-m", "none", "--to", "onnx", "-o", "x") == 66)
    #expect(try code("-m", "m", "--to", "onnx", "-o", "x", "--verify", "none") == 66)
    #expect(try code("-m", "text", "--to", "onnx", "-o", "x") == 65)
    #expect(try code("-m", "m", "--to", "onnx", "-o", "x", "--verify", "text") == 65)
    #expect(try code("-m", "m", "--to", "onnx", "-o", "no/folder/x") == 73)
  }
}
