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

  /// Out, compared, and back under new weights: the same file but for where it comes from.
  @Test(arguments: ["image", "forecast", "tag"])
  func whatReadsNoTextIsExchangedToo(task: String) throws {
    let folder = try TemporaryFolder()
    let seqtool = BinaryRunner(folder: folder.path)
    let examples = BinaryRunner.packageFolder + "/examples"
    let made = try seqtool.shell(
      """
      awk -v count=80 -v seed=1 -f '\(examples)/forecasting/series.awk' > forecast
      awk -v count=60 -v seed=1 -f '\(examples)/tagging/sentences.awk' > tag
      """)
    #expect(made.code == 0, "\(made.errors)")
    let pixels = (0..<40 * 144).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
    try folder.write("image/train-images-idx3-ubyte", ImageBytes.idx([40, 12, 12], pixels))
    try folder.write(
      "image/train-labels-idx1-ubyte", ImageBytes.idx([40], (0..<40).map { $0 % 3 }))
    let flags = [
      "forecast": ["--column", "value", "--hidden", "5", "--horizon", "2"],
      "tag": ["--hidden", "5", "--embedding", "4", "--character-hidden", "3"],
    ]
    let records = task == "image" ? "image/train-images-idx3-ubyte" : task
    let trained = try seqtool.run(
      ["train", task, task, "-o", "m", "--epochs", "1", "-q"] + (flags[task] ?? []))
    #expect(trained.code == 0, "\(trained.errors)")
    let exchange = """
      set -e
      seqtool export -m m --to onnx -o m.onnx --reference r.npz --records \(records)
      seqtool export -m m --to pytorch -o m.pt --verify r.npz
      seqtool import --from pytorch m.pt --like m -o again --verify r.npz
      seqtool export -m m --to safetensors -o 1
      seqtool export -m again --to safetensors -o 2
      cmp 1 2
      """
    let result = try seqtool.shell(exchange)
    #expect(result.code == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("largest difference: ") })
    let description = try JSONParser.parse(try folder.read("m.pt.json"))
    if task == "image" {
      #expect(description["labels"] == ["0", "1", "2"])
      let own = try seqtool.run("export", "-m", "m", "--to", "onnx", "-o", "x", "--reference", "s")
      #expect(own.code == 0, "\(own.errors)")
      #expect(try NPZReader(try folder.read("s")).arrays["images"]?.shape == [3, 1, 12, 12])
    } else {
      #expect(description[task == "tag" ? "characters" : "columns"]?.arrayValue?.isEmpty == false)
      let none = try seqtool.run("export", "-m", "m", "--to", "onnx", "-o", "x", "--reference", "s")
      #expect(none.code == 64 && none.errors.contains("--records"))
    }
  }
}
