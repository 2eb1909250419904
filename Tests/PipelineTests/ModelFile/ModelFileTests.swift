import Pipeline
import TestSupport
import Testing

@Suite struct ModelFileTests {
  private static let information = ModelInformation(
    provenance: ["seed": 1, "data": ["sha256": "00"]], icuVersion: "72.1", unicodeVersion: "15.0")
  private static let records = ["Satoshi", "", "O’Connor", "xyz"]

  private static func sample() throws -> [UInt8] {
    let chain = try SampleModel.chain()
    return try ModelFile.bytes(
      of: chain, information: information, selfTest: SelfTest(of: chain, records: records))
  }

  private func load(_ bytes: [UInt8]) throws -> LoadedModel {
    try ModelFile.read(bytes: bytes, name: "m", registry: SampleModel.registry())
  }

  /// Reads bytes that must be refused, and gives the one-line message.
  @discardableResult
  private func message(_ bytes: [UInt8]) throws -> String {
    let error = #expect(throws: PipelineError.self) { try load(bytes) }
    guard let error else { return "" }
    #expect(error.category == .badData)
    #expect(!error.description.utf8.contains(0x0A))
    #expect(error.description.hasPrefix("m:"))
    return error.description
  }

  /// A sealed file whose parts were changed first: its digests are right, whatever it says.
  private func forged(_ change: (inout SafetensorsFile) -> Void) throws -> [UInt8] {
    var file = try SafetensorsFile.read(Self.sample())
    change(&file)
    return try ForgedModel.sealed(file)
  }

  // MARK: - Good files

  @Test func whatIsSavedIsLoadedTheSame() throws {
    let chain = try SampleModel.chain()
    let model = try load(Self.sample())
    #expect(model.information == Self.information)
    #expect(model.formatVersion == 1)
    #expect(model.selfTest?.records == Self.records)
    #expect(model.chain.stages.map(\.descriptor.id) == chain.stages.map(\.descriptor.id))
    let text = TextChunk(["Kowalczyk", "Nguyễn", ""])
    #expect(
      try model.chain.run(text, as: PredictionChunk.self).logProbabilities
        == chain.run(text, as: PredictionChunk.self).logProbabilities)
    #expect(model.tensors.map(\.name) == ["table.weight", "stages.1.dropped"])
    #expect(model.tensors.map(\.stage) == [2, 1])
    #expect(model.tensors.allSatisfy { $0.sha256.utf8.count == 64 })
  }

  @Test func equalModelsGiveEqualBytes() throws {
    #expect(try Self.sample() == Self.sample())
    #expect(try load(Self.sample()).sha256 == load(Self.sample()).sha256)
  }

  @Test func filesGoThroughTheDisk() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.seqmodel")
    let chain = try SampleModel.chain()
    try ModelFile.write(chain, information: Self.information, to: path)
    let model = try ModelFile.read(path, registry: SampleModel.registry())
    #expect(model.selfTest == nil)
    #expect(model.size == (try folder.read("a.seqmodel")).count)
    #expect(throws: PipelineError.cannotOpen(file: folder.file("none"), code: 2)) {
      try ModelFile.read(folder.file("none"), registry: SampleModel.registry())
    }
    #expect(throws: PipelineError.cannotOpen(file: folder.path, code: 21)) {
      try ModelFile.read(folder.path, registry: SampleModel.registry())
    }
  }

  @Test func weightsThatAreNotFiniteAreNotSaved() throws {
    for bad in [Float.nan, .infinity, -.infinity] {
      var weights = [Float](repeating: 0, count: 21)
      weights[20] = bad
      let chain = try Chain(SampleModel(weights: weights))
      #expect(throws: PipelineError.self) {
        try ModelFile.bytes(of: chain, information: Self.information)
      }
    }
  }

  // MARK: - Damaged files

  @Test func everyTruncationIsRefused() throws {
    let bytes = try Self.sample()
    for length in 0..<bytes.count { try message(Array(bytes[..<length])) }
  }

  @Test func everyFlippedBitIsRefused() throws {
    let bytes = try Self.sample()
    for i in bytes.indices {
      for bit in i % 2 == 0 ? [0, 3, 6] : [1, 5, 7] {
        var changed = bytes
        changed[i] ^= 1 << bit
        try message(changed)
      }
      for value: UInt8 in [0x00, 0xFF] where bytes[i] != value {
        var changed = bytes
        changed[i] = value
        try message(changed)
      }
    }
  }

  @Test func addedAndForeignBytesAreRefused() throws {
    let bytes = try Self.sample()
    for extra in [1, 2, 7, 8, 64, 4096] {
      try message(bytes + [UInt8](repeating: 0, count: extra))
    }
    try message(bytes + bytes)
    for prefix in ["PK\u{3}\u{4}", "<!DOCTYPE html>", "a,b\n", "\u{0}"] {
      try message(Array(prefix.utf8) + bytes)
    }
  }

  @Test func aDamagedTensorIsNamed() throws {
    var bytes = try Self.sample()
    bytes[bytes.count - 1] ^= 1
    #expect(try message(bytes).hasPrefix("m:stages.1.dropped: its bytes do not have the digest"))
    bytes[bytes.count - 1] ^= 1
    bytes[bytes.count - 4] ^= 1
    #expect(try message(bytes).hasPrefix("m:table.weight: its bytes do not have the digest"))
  }

  // MARK: - Files whose digests are right

  @Test func forgingByItselfChangesNothing() throws {
    #expect(try forged { _ in } == Self.sample())
  }

  @Test func unknownVersionsAndFeaturesAreRefused() throws {
    for version in ["2", "0", "", "1.0"] {
      let text = try message(forged { $0.metadata["format_version"] = version })
      #expect(text.hasPrefix("m:format_version: the version is \(version)"))
    }
    #expect(try message(forged { $0.metadata["format"] = "pt" }).contains("not a model"))
    #expect(try message(forged { $0.metadata["extra"] = "" }).contains("does not know"))
    for key in ["pipeline", "provenance", "icu_version", "unicode_version", "format_version"] {
      #expect(try message(forged { $0.metadata[key] = nil }) == "m:\(key): is missing")
    }
  }

  @Test func missingAndExtraTensorsAreNamed() throws {
    let missing = try message(forged { $0.tensors["table.weight"] = nil })
    #expect(missing.contains("resource \"table.weight\" is missing"))
    for (name, expected) in [
      ("stages.1.more", "resource \"more\" is not part of sample.drop@1"),
      ("stages.0.more", "resource \"more\" is not part of sample.prefix@1"),
      ("stages.7.more", "m:stages.7.more: belongs to no stage"),
      ("more", "resource \"more\" is not part of sample.model@1"),
    ] {
      let extra = try forged { $0.tensors[name] = Resource(type: .u8, shape: [1], bytes: [1]) }
      let text = try message(extra)
      #expect(text.contains(expected), "\(text)")
    }
  }

  @Test func digestsAreOfTheTensorsThatAreThere() throws {
    let file = try SafetensorsFile.read(Self.sample())
    let other = try message(
      ForgedModel.sealed(file) { digests in
        digests["other"] = digests["table.weight"]
        digests["table.weight"] = nil
      })
    #expect(other == "m:table.weight: has no digest")
    let more = try message(ForgedModel.sealed(file) { $0["other"] = "00" })
    #expect(more.hasPrefix("m:other: has a digest, but there is no such tensor"))
  }

  @Test func wrongShapesAndTypesAreNamed() throws {
    let shape = try forged { $0.tensors["table.weight"]?.shape = [3, 7] }
    #expect(try message(shape).contains("resource \"table.weight\" has the shape [3, 7]"))
    let type = try forged { $0.tensors["table.weight"]?.type = .i32 }
    #expect(try message(type).contains("has type I32, but F32 is needed"))
  }

  @Test func numbersThatAreNotFiniteAreRefused() throws {
    let bad = try forged { file in
      file.tensors["table.weight"]?.bytes.replaceSubrange(8..<12, with: [0, 0, 0xC0, 0x7F])
    }
    #expect(try message(bad) == "m:table.weight: element 2 is not a finite number")
  }

  @Test func changedWeightsFailTheSelfTest() throws {
    let changed = try forged { file in
      // The last byte of the first weight: its sign.
      file.tensors["table.weight"]?.bytes[7] ^= 0x80
    }
    #expect(try message(changed).contains("m:self_test: record 1, label"))
    let malformed = try forged { $0.metadata["self_test"] = "{\"labels\":[],\"records\":[1]}" }
    #expect(try message(malformed).contains("self_test: is not of the expected form"))
    for (labels, record) in [
      (#"["a","b"],"more":1"#, #"{"log_probabilities":[0,0],"text":""}"#),
      (#"[1,"b"]"#, #"{"log_probabilities":[0,0],"text":""}"#),
      (#"["a","b"]"#, #"{"log_probabilities":[0,0],"text":1}"#),
      (#"["a","b"]"#, #"{"log_probabilities":[0],"text":""}"#),
      (#"["a","b"]"#, #"{"log_probabilities":[0,0],"text":"","more":1}"#),
    ] {
      let json = "{\"labels\":\(labels),\"records\":[\(record)]}"
      let text = try message(forged { $0.metadata["self_test"] = json })
      #expect(text.contains("self_test: is not of the expected form"), "\(json)")
    }
    let json = #"{"labels":["a"],"records":[{"log_probabilities":[0],"text":""}]}"#
    let labels = try forged { $0.metadata["self_test"] = json }
    #expect(try message(labels).contains("labels or the number"))
  }

  /// A chain may drop records; a self-test of records that it drops has no answers to compare.
  @Test func aSelfTestOfDroppedRecordsIsRefused() throws {
    let weights = [Float](repeating: 0.5, count: SampleModel.rows * 3)
    let filter = try FilterRecords(options: FilterRecords.Options(minimum: 1))
    let chain = try Chain(filter, SampleModel(weights: weights))
    let bytes = try ModelFile.bytes(
      of: chain, information: Self.information,
      selfTest: SelfTest(of: Chain(SampleModel(weights: weights)), records: ["a", ""]))
    let registry = try Registry([
      StageEntry(SampleModel.self), StageEntry(FilterRecords.self),
    ])
    let error = #expect(throws: PipelineError.self) {
      try ModelFile.read(bytes: bytes, registry: registry)
    }
    #expect(error?.description.contains("number of answers") == true)
  }

  @Test func aModelWithoutFiniteAnswersHasNoSelfTest() throws {
    let weights = [Float](repeating: .nan, count: SampleModel.rows * 3)
    #expect(throws: PipelineError.self) {
      try SelfTest(of: Chain(SampleModel(weights: weights)), records: ["a"])
    }
  }

  @Test func aNameIsSavedOnce() throws {
    var writer = ResourceWriter()
    try writer.add("a", bytes: [1])
    #expect(throws: PipelineError.self) { try writer.add("a", bytes: [2]) }
  }

  @Test(arguments: [
    ("[]", "m:pipeline: the chain has no stage"),
    ("{}", "m:pipeline: a list is expected"),
    ("[", "m:pipeline:1: "),
    ("[1]", "m:pipeline[0]: exactly stage and options"),
    (#"[{"stage":"sample.prefx@1","options":{}}]"#, "unknown stage \"sample.prefx@1\""),
    (#"[{"stage":"sample.drop@1","options":{},"x":1}]"#, "exactly stage and options"),
    (#"[{"stage":"sample.drop@1","options":{"x":1}}]"#, "unknown option \"x\""),
    (#"[{"stage":"sample.prefix@1","options":{}}]"#, "option \"form\" is missing"),
    (#"[{"stage":"sample.liar@1","options":{}}]"#, "belongs to no stage"),
  ])
  func wrongPipelinesAreNamed(pipeline: String, expected: String) throws {
    let text = try message(
      forged { file in
        file.metadata["pipeline"] = pipeline
        if pipeline == "[]" { file.tensors = [:] }
      })
    #expect(text.contains(expected), "\(text)")
  }

  @Test func aPermutedVocabularyOfTheSameSizeIsRefused() throws {
    var bytes = try Self.sample()
    bytes.swapAt(bytes.count - 1, bytes.count - 3)
    try message(bytes)
  }
}
