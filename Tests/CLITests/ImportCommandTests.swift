import Pipeline
import TestSupport
import Testing

@Suite struct ImportCommandTests {
  /// A folder with a model `m`, its state dict `w`, and a check `r.npz`.
  private static func folder() throws -> (folder: TemporaryFolder, seqtool: BinaryRunner) {
    let (folder, seqtool) = try ModelFixture.folder()
    let result = try seqtool.run(
      "export", "-m", "m", "--to", "pytorch", "-o", "w", "--reference", "r.npz")
    #expect(result.code == 0, "\(result.errors)")
    return (folder, seqtool)
  }

  @Test func aRoundTripKeepsEveryBit() throws {
    let (folder, seqtool) = try Self.folder()
    let result = try seqtool.run(
      "import", "--from", "pytorch", "w", "--like", "m", "-o", "again", "--verify", "r.npz")
    #expect(result.code == 0 && result.output.hasPrefix("largest difference: "), "\(result.errors)")
    let (before, after) = (try folder.read("m"), try folder.read("again"))
    #expect(try SafetensorsFile.read(before).tensors == SafetensorsFile.read(after).tensors)
    let names = "Satoshi\nKowalczyk\n\n"
    let answers = try ["m", "again"].map {
      try seqtool.run("classify", "--model", $0, "-k", "18", text: names).stdout
    }
    #expect(answers[0] == answers[1])
    let shown = try JSONParser.parse(try seqtool.run("inspect", "--json", "again").stdout)
    #expect(shown["provenance"]?["command"] == "import")
    #expect(
      shown["provenance"]?["source_sha256"]?.stringValue == Digest.sha256(try folder.read("w")))
  }

  /// Labels and symbols from files, the architecture from the weights.
  @Test func weightsAndNamesMakeAModel() throws {
    let folder = try TemporaryFolder()
    let seqtool = BinaryRunner(folder: folder.path)
    let trained = try seqtool.run([
      "train", "classify", BinaryRunner.packageFolder + "/data/names", "-o", "m", "--quiet",
      "--epochs", "1", "--hidden", "8", "--embedding", "4", "--cell", "gru", "--bidirectional",
      "--pooling", "max+last", "--ngrams", "none", "--teacher", "none",
    ])
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(try seqtool.run("export", "-m", "m", "--to", "pytorch", "-o", "w").code == 0)
    let description = try JSONParser.parse(try folder.read("w.json"))
    for (key, name) in [("labels", "labels"), ("vocabulary", "symbols")] {
      let lines = (description[key]?.arrayValue ?? []).compactMap(\.stringValue)
      #expect(lines.count > 10)
      try folder.write(name, lines.map { $0 + "\n" }.joined())
    }
    let flags = [
      "--labels", "labels", "--symbols", "symbols", "--pooling", "max+last", "--append-end",
      "--stage", "normalize.unicode(form=nfc)",
    ]
    let result = try seqtool.run(["import", "w", "-o", "again"] + flags)
    #expect(result.code == 0, "\(result.errors)")
    let names = "Satoshi\nKowalczyk\n\nDvořák\n"
    let answers = try ["m", "again"].map {
      try seqtool.run("classify", "--model", $0, "-k", "18", text: names).stdout
    }
    #expect(answers[0] == answers[1] && !answers[0].isEmpty)

    let wrong = try seqtool.run(["import", "w", "-o", "x"] + flags + ["--cell", "lstm"])
    #expect(wrong.code == 65 && wrong.errors.contains("3 gates, but lstm has 4"))
    let needless = try seqtool.run(["import", "w", "-o", "x", "--one-hot"] + flags)
    #expect(needless.code == 65 && needless.errors.contains("has no embedding"))
    try folder.write("labels", "one\ntwo\n")
    let few = try seqtool.run(["import", "w", "-o", "x"] + flags)
    #expect(few.code == 65 && few.errors.contains("there are 2 labels"))
    try folder.write("labels", "one\none\n")
    let repeated = try seqtool.run(["import", "w", "-o", "x"] + flags)
    #expect(repeated.code == 65 && repeated.errors.hasPrefix("seqtool: labels: the class name"))
    try folder.write("labels", (0..<18).map { "\($0)\n" }.joined())
    try folder.write("symbols", "<unk>\n<end>\na\n")
    let short = try seqtool.run(["import", "w", "-o", "x"] + flags)
    #expect(short.code == 65 && short.errors.hasPrefix("seqtool: symbols: has 3 symbols"))
  }

  @Test func foreignTensorsAreNamedInOneLine() throws {
    let (folder, seqtool) = try Self.folder()
    let good = try SafetensorsFile.read(try folder.read("w"))
    func message(_ change: (inout SafetensorsFile) -> Void) throws -> String {
      var bad = good
      change(&bad)
      try folder.write("bad", try bad.bytes())
      let result = try seqtool.run("import", "bad", "--like", "m", "-o", "x")
      #expect(result.code == 65 && result.errors.split(separator: "\n").count == 1)
      #expect(throws: SystemFailure.self) { try folder.read("x") }
      return result.errors
    }
    #expect(
      try message { $0.tensors["rnn.bias_hh_l0"] = nil }
        == "seqtool: bad: missing: \"rnn.bias_hh_l0\"\n")
    #expect(
      try message { $0.tensors["rnn.weight_ih_l1"] = $0.tensors["head.weight"] }
        == "seqtool: bad: not part of the network: \"rnn.weight_ih_l1\"\n")
    #expect(
      try message { $0.tensors["head.weight"]?.shape.reverse() }
        == "seqtool: bad: \"head.weight\" has shape [16, 18], but [18, 16] is needed\n")
  }

  @Test func damageAndWrongRequestsEndWithTheirCodes() throws {
    let (folder, seqtool) = try Self.folder()
    let bytes = try folder.read("w")
    for length in [0, 7, 8, 100, bytes.count / 2, bytes.count - 1] {
      try folder.write("cut", bytes.prefix(length))
      let result = try seqtool.run("import", "cut", "--like", "m", "-o", "x")
      #expect(result.code == 65 && result.errors.hasPrefix("seqtool: cut:"), "\(result.errors)")
    }
    func code(_ arguments: String...) throws -> Int {
      try seqtool.run(["import"] + arguments).code
    }
    #expect(try code("none", "--like", "m", "-o", "x") == 66)
    #expect(try code("w", "--like", "none", "-o", "x") == 66)
    #expect(try code("w", "--like", "w", "-o", "x") == 65)
    #expect(try code("w", "-o", "x") == 64)
    #expect(try code("w", "--like", "m", "--cell", "lstm", "-o", "x") == 64)
    #expect(try code("w", "--like", "m", "--from", "keras", "-o", "x") == 64)
    #expect(try code("w", "--like", "m", "-o", "no/folder/x") == 73)
    // Another network's answers.
    try folder.write("r.npz", [0x50])
    #expect(try code("w", "--like", "m", "-o", "x", "--verify", "r.npz") == 65)
  }
}
