import Pipeline
import TestSupport
import Testing

/// `train image`, and `evaluate` and `classify` with what it makes, on images that the test draws.
@Suite struct ImageCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  private static let quickly = [
    "--epochs", "8", "--first-maps", "3", "--second-maps", "4", "--first-hidden", "10",
    "--second-hidden", "8", "--batch-size", "16", "-q",
  ]

  /// Bright above (3) or bright below (8), 13 by 12 pixels, with some noise.
  private static func pixels(_ i: Int) -> [UInt8] {
    (0..<13).flatMap { y in
      (0..<12).map { x in
        UInt8((i * 31 + y * 17 + x * 7) % 50 + ((y < 6) == (i % 2 == 0) ? 180 : 0))
      }
    }
  }

  private static func write(_ count: Int, _ part: String, to folder: TemporaryFolder) throws {
    try folder.write(
      "data/\(part)-images-idx3-ubyte",
      ImageBytes.idx([count, 13, 12], (0..<count).flatMap(pixels)))
    try folder.write(
      "data/\(part)-labels-idx1-ubyte",
      ImageBytes.idx([count], (0..<count).map { $0 % 2 == 0 ? 3 : 8 }))
  }

  private static let trained = Result { () throws -> [UInt8] in
    let folder = try TemporaryFolder()
    try write(80, "train", to: folder)
    let result = try BinaryRunner(folder: folder.path).run(
      ["train", "image", "data", "-o", "m"] + quickly)
    #expect(result.code == 0, "\(result.errors)")
    return try folder.read("m")
  }

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
    try Self.write(80, "train", to: folder)
    try Self.write(20, "t10k", to: folder)
    try folder.write("m", try Self.trained.get())
  }

  private func train(_ arguments: [String]) throws -> BinaryResult {
    try seqtool.run(["train", "image", "data"] + Self.quickly + arguments)
  }

  @Test func theSameSeedGivesTheSameBytesAtAnyNumberOfThreads() throws {
    for threads in ["1", "2", "3"] {
      #expect(try train(["-o", "again", "--threads", threads]).code == 0)
      #expect(try folder.read("again") == folder.read("m"))
    }
    #expect(try train(["-o", "other", "--seed", "2"]).code == 0)
    #expect(try folder.read("other") != folder.read("m"))
  }

  @Test func compressedDataAndAFileOfImagesAreTheSameData() throws {
    for name in ["images-idx3", "labels-idx1"] {
      try folder.write(
        "zipped/train-\(name)-ubyte.gz",
        ImageBytes.gzip(try folder.read("data/train-\(name)-ubyte")))
    }
    for path in ["zipped", "data/train-images-idx3-ubyte"] {
      let result = try seqtool.run(["train", "image", path, "-o", "x"] + Self.quickly)
      #expect(result.code == 0, "\(result.errors)")
      #expect(try folder.read("x") == folder.read("m"), "\(path)")
    }
  }

  @Test func everyShapeOfTheNetworkTrains() throws {
    for flags in [
      ["--activation", "tanh", "--pooling", "average", "--no-batch-norm", "--dev", "0%"],
      ["--shift", "0", "--rotation", "0", "--zoom", "0", "--dropout", "0.2", "--plot", "p.svg"],
      ["--dev", "data", "--optimizer", "momentum", "--schedule", "cosine", "--log", "l.jsonl"],
    ] {
      let result = try train(["-o", "x"] + flags)
      #expect(result.code == 0, "\(flags): \(result.errors)")
      #expect(try seqtool.run("evaluate", "-m", "x", "data").code == 0)
    }
    #expect(String(decoding: try folder.read("p.svg"), as: UTF8.self).hasPrefix("<svg"))
    let log = String(decoding: try folder.read("l.jsonl"), as: UTF8.self)
    #expect(log.contains("\"dev_accuracy\""))
  }

  @Test func aCheckpointGoesOnBitForBit() throws {
    let flags = ["--checkpoint", "c", "--checkpoint-every", "1ms"]
    #expect(try train(["-o", "one"] + flags).code == 0)
    #expect(try folder.read("one") == folder.read("m"))
    // The last whole step stands in the folder: the training ends at once, in the same bytes.
    #expect(try train(["-o", "two"] + flags).code == 0)
    #expect(try folder.read("two") == folder.read("m"))
    let other = try train(["-o", "three", "--shift", "1"] + flags)
    #expect(other.code == 65 && other.errors.contains("differs"), "\(other.errors)")
  }

  @Test func theReportIsThatOfEveryClassifier() throws {
    let result = try seqtool.run(
      "evaluate", "-m", "m", "data", "--json", "--confusion", "--fail-under", "accuracy=0.9")
    #expect(result.code == 0, "\(result.errors)")
    let report = try JSONParser.parse(result.stdout)
    #expect(report["count"] == 20)
    #expect((report["accuracy"]?.doubleValue ?? 0) > 0.9)
    #expect(report["confusion"]?["labels"] == ["3", "8"])
    for threads in ["1", "2"] {
      let again = try seqtool.run(
        "evaluate", "-m", "m", "data/t10k-images-idx3-ubyte", "-j", threads, "--json",
        "--confusion")
      #expect(again.stdout == result.stdout)
    }
    try folder.write("data/x-images-idx3-ubyte", ImageBytes.idx([1, 13, 12], Self.pixels(0)))
    try folder.write("data/x-labels-idx1-ubyte", ImageBytes.idx([1], [9]))
    let unknown = try seqtool.run("evaluate", "-m", "m", "data/x-images-idx3-ubyte")
    #expect(unknown.code == 65 && unknown.errors.contains("\"9\" is not among"))
  }

  @Test func everyFormatGivesTheSameAnswer() throws {
    let list = try seqtool.run("classify", "-m", "m", "data/t10k-images-idx3-ubyte")
    #expect(list.code == 0, "\(list.errors)")
    #expect(list.lines.count == 20)
    try folder.write("a.pgm", ImageBytes.pgm(height: 13, width: 12, Self.pixels(3)))
    try folder.write("a.png", ImageBytes.png(height: 13, width: 12, Self.pixels(3)))
    let single = try seqtool.run("classify", "-m", "m", "a.pgm", "a.png")
    #expect(single.lines.count == 2)
    let lines = (list.lines + single.lines).map { String(decoding: $0, as: UTF8.self) }
    let start = String(lines[3].prefix { $0 != "d" })
    #expect(start.hasPrefix("8\t0.") && lines[3] == start + "data/t10k-images-idx3-ubyte#3")
    #expect(lines[20] == start + "a.pgm" && lines[21] == start + "a.png")
    let input = try seqtool.run(
      ["classify", "-m", "m"],
      input: ImageBytes.png(height: 13, width: 12, Self.pixels(3)))
    #expect(String(decoding: input.stdout, as: UTF8.self) == start + "-\n")
    for i in 0..<20 { #expect(lines[i].hasPrefix(i % 2 == 0 ? "3\t" : "8\t"), "\(lines[i])") }
  }

  @Test func theOptionsOfClassifyHold() throws {
    let path = "data/t10k-images-idx3-ubyte"
    let labels = try seqtool.run("classify", "-m", "m", path, "-k", "2", "--label-only")
    #expect(String(decoding: labels.lines[0], as: UTF8.self) == "3\t8")
    let json = try seqtool.run("classify", "-m", "m", path, "--jsonl")
    let first = try JSONParser.parse(json.lines[0])
    #expect(first["text"]?.stringValue == path + "#0" && first["label"] == "3")
    let doubtful = try seqtool.run(
      "classify", "-m", "m", path, "--min-prob", "1", "--else", "?", "--label-only")
    #expect(doubtful.lines.contains { $0.elementsEqual("?".utf8) })
    #expect(try seqtool.run("classify", "-m", "m", path, "--explain").code == 64)
    for threads in ["1", "2", "5"] {
      #expect(
        try seqtool.run("classify", "-m", "m", path, path, "-j", threads).stdout
          == seqtool.run("classify", "-m", "m", path, path).stdout)
    }
  }

  @Test func badFilesAreOneLineThatNamesThem() throws {
    let idx = try folder.read("data/t10k-images-idx3-ubyte")
    let png = ImageBytes.png(height: 13, width: 12, Self.pixels(0))
    let cases: [(bytes: [UInt8], words: String)] = [
      (Array(idx.dropLast()), "(is the file cut short or damaged?)"),
      ([1, 2, 3], "no image in IDX, PGM (P2, P5) or PNG"), (Array(png.prefix(60)), "PNG cannot"),
      (
        ImageBytes.png(height: 9, width: 20, [UInt8](repeating: 0, count: 180)),
        "9 by 20 pixels, but the model takes 13 by 12 pixels"
      ),
      (Array(ImageBytes.gzip(idx).dropLast(9)), "gzip"),
      ([0, 0, 8, 4] + [UInt8](repeating: 0xFF, count: 16), "more than can be"),
    ]
    for (bytes, words) in cases {
      try folder.write("bad", bytes)
      let result = try seqtool.run("classify", "-m", "m", "bad")
      #expect(result.code == 65, "\(words): \(result.errors)")
      #expect(result.errors.hasPrefix("seqtool: bad: ") && result.errors.contains(words))
      #expect(result.stderr.count { $0 == 0x0A } == 1)
    }
    #expect(try seqtool.run("classify", "-m", "m", "none.png").code == 66)
  }

  @Test func dataThatNothingCanBeLearntFrom() throws {
    try folder.write(
      "data/train-labels-idx1-ubyte", ImageBytes.idx([80], .init(repeating: 1, count: 80)))
    var result = try train(["-o", "x"])
    #expect(result.code == 65 && result.errors.contains("two labels"), "\(result.errors)")
    try folder.write(
      "data/train-labels-idx1-ubyte", ImageBytes.idx([79], .init(repeating: 1, count: 79)))
    result = try train(["-o", "x"])
    #expect(result.code == 65 && result.errors.contains("79 labels for the 80 images"))
    try folder.write(
      "small/train-images-idx3-ubyte", ImageBytes.idx([2, 8, 8], .init(repeating: 1, count: 128)))
    try folder.write("small/train-labels-idx1-ubyte", ImageBytes.idx([2], [0, 1]))
    result = try seqtool.run("train", "image", "small", "-o", "x")
    #expect(result.code == 64 && result.errors.contains("height cannot be 8"), "\(result.errors)")
    #expect(try seqtool.run("train", "image", "none", "-o", "x").code == 66)
    #expect(throws: (any Error).self) { try folder.read("x") }
  }

  @Test func theModelFileHasItsSelfTestAndNoPlace() throws {
    let inspected = try JSONParser.parse(try seqtool.run("inspect", "--json", "m").stdout)
    let provenance = inspected["provenance"]
    #expect(provenance?["command"] == "train image")
    #expect(provenance?["train"]?["sha256"]?.stringValue?.count == 64)
    #expect(provenance?.text().contains("/") == false)
    // A weight that differs in the file gives other answers than those in it.
    var file = try folder.read("m")
    file[file.count - 10] ^= 0x40
    try folder.write("damaged", file)
    #expect(try seqtool.run("inspect", "damaged").code == 65)
  }

  @Test func aModelOfTextTakesNoImagesAndTheOtherWayRound() throws {
    let text = try seqtool.run("evaluate", "data")
    #expect(text.code != 0)
    let labelled = try seqtool.run("evaluate", "-m", "m", "none.tsv")
    #expect(labelled.code == 65 || labelled.code == 66)
  }
}
