/// One file per model: a valid safetensors file that holds a whole chain.
///
/// Tensors: those of the model stage under their own names, those of stage `i` under
/// `stages.i.`. Metadata (all texts): `format`, `format_version`, `pipeline` (JSON: a list of
/// `{"stage": id, "options": {...}}` with every option), `provenance` (JSON), `icu_version`,
/// `unicode_version`, `tensors_sha256` (JSON: name to digest), `self_test` (JSON) and `sha256` (of
/// the whole file with its own digits set to `0`). Nothing in it is code.
public enum ModelFile {
  /// What `format` says.
  public static let format = "seqtool.model"
  /// The newest version that is read, and the one that is written.
  public static let formatVersion = 1

  static func prefix(ofStage index: Int) -> String { "stages.\(index)." }

  /// The bytes of a file with this chain. Equal chains and information give equal bytes.
  ///
  /// - Parameter selfTest: `nil` where the chain does not lead from text to predictions.
  /// - Throws: `PipelineError.malformedPipeline` where a stage runs a program or a library,
  ///   `.malformedResource` where a weight is not finite or a name does not fit, and what the
  ///   stages throw.
  public static func bytes(
    of chain: Chain, information: ModelInformation, selfTest: SelfTest? = nil
  ) throws -> [UInt8] {
    var file = SafetensorsFile()
    var pipeline: [JSONValue] = []
    for (index, stage) in chain.stages.enumerated() {
      guard !stage.descriptor.isExternal else {
        throw PipelineError.malformedPipeline(
          "has \(stage.descriptor.id), whose code is not in this program "
            + "(a model holds no code: leave the stage out)")
      }
      pipeline.append([
        "stage": .string(stage.descriptor.id), "options": try stage.options(),
      ])
      try add(stage, at: index, to: &file)
    }
    let digests = file.tensors.map {
      ($0.key, JSONValue.string($0.value.withUnsafeBytes { Digest.sha256($0) }))
    }
    file.metadata = [
      "format": format,
      "format_version": String(formatVersion),
      "pipeline": JSONValue.array(pipeline).text(),
      "provenance": information.provenance.text(),
      "icu_version": information.icuVersion,
      "unicode_version": information.unicodeVersion,
      "tensors_sha256": JSONValue.object(JSONObject(digests)).text(),
      ModelSeal.key: ModelSeal.blank,
    ]
    if let selfTest { file.metadata["self_test"] = selfTest.json.text() }
    var bytes = try file.bytes()
    ModelSeal.seal(&bytes)
    return bytes
  }

  /// Saves a chain under `path`, all or nothing.
  /// - Throws: as `bytes(of:information:selfTest:)` and `AtomicFile.write`.
  public static func write(
    _ chain: Chain, information: ModelInformation, selfTest: SelfTest? = nil, to path: String
  ) throws {
    try AtomicFile.write(
      bytes(of: chain, information: information, selfTest: selfTest), to: path)
  }

  /// Reads and checks a file.
  /// - Throws: `PipelineError.cannotOpen`, `.cannotRead`, and `.malformedModel` for every fault.
  public static func read(_ path: String, registry: Registry) throws -> LoadedModel {
    try read(bytes: FileBytes.read(path), name: path, registry: registry)
  }

  /// Reads and checks a file that stands in memory.
  public static func read(
    bytes: [UInt8], name: String = "model", registry: Registry
  ) throws -> LoadedModel {
    try ModelLoader(SharedBytes(bytes), file: name).load(registry, isPartOfProgram: false)
  }

  /// Reads a file that is a part of the program: in memory that never changes and never goes.
  ///
  /// The bytes are neither compared with the digest among them, nor searched for numbers that are
  /// not finite, nor put through their self-test: they can be damaged no more than the program
  /// itself, and were tested with it.
  public static func read(
    partOfProgram bytes: UnsafeRawBufferPointer, name: String, registry: Registry
  ) throws -> LoadedModel {
    try ModelLoader(SharedBytes(program: bytes), file: name).load(registry, isPartOfProgram: true)
  }

  private static func add(
    _ stage: AnyStage, at index: Int, to file: inout SafetensorsFile
  ) throws {
    var writer = ResourceWriter()
    try stage.write(to: &writer)
    let names = writer.resources.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for name in names {
      guard let resource = writer.resources[name] else { continue }
      let isModel = stage.descriptor.isModel
      guard !isModel || !name.hasPrefix("stages.") else {
        throw PipelineError.malformedResource(name, "has a name that belongs to other stages")
      }
      guard resource.firstNonFinite == nil else {
        throw PipelineError.malformedResource(name, "holds a number that is not finite")
      }
      let fullName = isModel ? name : prefix(ofStage: index) + name
      guard file.tensors.updateValue(resource, forKey: fullName) == nil else {
        throw PipelineError.duplicateResource(fullName)
      }
    }
  }
}
