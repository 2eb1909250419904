/// Takes a model file apart, in the order in which its parts can be trusted: structure, digest,
/// metadata, stages, self-test.
struct ModelLoader {
  private let bytes: SharedBytes
  private let file: String
  private let header: SafetensorsHeader

  init(_ bytes: SharedBytes, file: String) throws {
    self.bytes = bytes
    self.file = file
    header = try bytes.withUnsafeBytes { try SafetensorsHeader($0, file: file) }
  }

  func load(_ registry: Registry, isPartOfProgram: Bool) throws -> LoadedModel {
    try checkFormat()
    let digests = try digests()
    let sha256 = isPartOfProgram ? try text(ModelSeal.key) : try checkSeal(digests)
    let tensors = header.tensors(in: bytes)
    if !isPartOfProgram { try checkNumbers(tensors) }
    let (chain, owners) = try chain(registry, tensors)
    let selfTest = try selfTest()
    let model = LoadedModel(
      chain: chain, information: try information(), formatVersion: ModelFile.formatVersion,
      selfTest: selfTest,
      tensors: header.layouts.map { layout in
        TensorSummary(
          name: layout.name, type: layout.type, shape: layout.shape,
          sha256: digests[layout.name] ?? "", stage: owners[layout.name] ?? 0)
      },
      sha256: sha256, size: bytes.count)
    if !isPartOfProgram { try run(selfTest, on: chain) }
    return model
  }

  // MARK: - Metadata

  private func fault(_ place: String, _ problem: String) -> PipelineError {
    .malformedModel(file: file, place: place, problem: problem)
  }

  private func text(_ key: String) throws -> String {
    guard let text = header.metadata[key] else { throw fault(key, "is missing") }
    return text
  }

  private func json(_ key: String) throws -> JSONValue {
    do {
      return try JSONParser.parse(try text(key).utf8)
    } catch PipelineError.malformedJSON(let offset, let problem) {
      throw fault("\(key):\(offset)", problem)
    }
  }

  private func checkFormat() throws {
    guard header.metadata["format"] == ModelFile.format else {
      throw fault("format", "this is not a model of seqtool (a plain safetensors file?)")
    }
    let version = try text("format_version")
    guard version == String(ModelFile.formatVersion) else {
      throw fault(
        "format_version",
        "the version is \(Escaping.printable(version)), but this program reads "
          + "\(ModelFile.formatVersion) (get a newer seqtool)")
    }
    let known: Set = [
      "format", "format_version", "pipeline", "provenance", "icu_version", "unicode_version",
      "tensors_sha256", "self_test", ModelSeal.key,
    ]
    let unknown = header.metadata.keys.filter { !known.contains($0) }.min()
    if let unknown { throw fault(unknown, "is a feature that this program does not know") }
  }

  private func information() throws -> ModelInformation {
    ModelInformation(
      provenance: try json("provenance"), icuVersion: try text("icu_version"),
      unicodeVersion: try text("unicode_version"))
  }

  // MARK: - Digests and numbers

  private func digests() throws -> [String: String] {
    guard case .object(let object) = try json("tensors_sha256") else {
      throw fault("tensors_sha256", "an object is expected")
    }
    var digests: [String: String] = [:]
    for member in object.members { digests[member.key] = member.value.stringValue }
    let names = Set(header.layouts.map(\.name))
    if let missing = names.filter({ digests[$0] == nil }).min() {
      throw fault(missing, "has no digest")
    }
    guard object.count == names.count else {
      let extra = object.keys.first { !names.contains($0) }
      throw fault(extra ?? "tensors_sha256", "has a digest, but there is no such tensor")
    }
    return digests
  }

  /// Compares the digest of the whole; only where it differs, those of the tensors say where.
  private func checkSeal(_ digests: [String: String]) throws -> String {
    let expected = try text(ModelSeal.key)
    return try bytes.withUnsafeBytes { bytes in
      guard let digits = ModelSeal.find(in: bytes, header: header.text) else {
        throw fault(ModelSeal.key, "must be \(ModelSeal.length) hexadecimal digits")
      }
      let found = ModelSeal.digest(bytes, digits: digits)
      if found == expected { return found }
      for layout in header.layouts
      where Digest.sha256(
        UnsafeRawBufferPointer(rebasing: bytes[header.range(layout)])) != digests[layout.name]
      {
        throw fault(layout.name, "its bytes do not have the digest in the file (is it damaged?)")
      }
      throw fault("header", "the file does not have the digest in it (is it damaged?)")
    }
  }

  private func checkNumbers(_ tensors: [String: Resource]) throws {
    for layout in header.layouts {
      guard let index = tensors[layout.name]?.firstNonFinite else { continue }
      throw fault(layout.name, "element \(index) is not a finite number")
    }
  }

  // MARK: - Stages

  /// Builds the stages, each from its own tensors, and checks that no tensor is left.
  private func chain(
    _ registry: Registry, _ tensors: [String: Resource]
  ) throws -> (Chain, owners: [String: Int]) {
    guard case .array(let steps) = try json("pipeline") else {
      throw fault("pipeline", "a list is expected")
    }
    var remaining = tensors
    var stages: [AnyStage] = []
    var owners: [String: Int] = [:]
    for (index, step) in steps.enumerated() {
      let place = "pipeline[\(index)]"
      guard step.objectValue?.keys == ["options", "stage"], let options = step["options"],
        let id = step["stage"]?.stringValue
      else { throw fault(place, "exactly stage and options are expected") }
      stages.append(
        try located(place) {
          let entry = try registry.entry(id)
          guard !entry.descriptor.isExternal else {
            throw PipelineError.malformedPipeline(
              "has \(id), whose code is not in this program (a model holds no code)")
          }
          let (resources, names) = take(entry.descriptor, index, from: &remaining)
          for name in names { owners[name] = index }
          let reader = ResourceReader(resources)
          let stage = try entry.make(options: options, resources: reader, requiringAll: true)
          if let extra = reader.names.first(where: { !reader.consumed.contains($0) }) {
            throw PipelineError.malformedResource(extra, "is not part of \(id)")
          }
          return stage
        })
    }
    if let extra = remaining.keys.min() { throw fault(extra, "belongs to no stage") }
    return (try located("pipeline") { try Chain(stages) }, owners)
  }

  /// The tensors of one stage under the names that it gave them, and their names in the file.
  private func take(
    _ descriptor: StageDescriptor, _ index: Int, from remaining: inout [String: Resource]
  ) -> (resources: [String: Resource], names: [String]) {
    let prefix = ModelFile.prefix(ofStage: index)
    let names = remaining.keys.filter { name in
      descriptor.isModel ? !name.hasPrefix("stages.") : name.hasPrefix(prefix)
    }
    var resources: [String: Resource] = [:]
    for name in names {
      let own = descriptor.isModel ? name : String(name.dropFirst(prefix.count))
      resources[own] = remaining.removeValue(forKey: name)
    }
    return (resources, names)
  }

  /// Whatever is wrong inside a stage of a file is a fault of the file.
  private func located<Value>(_ place: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as any CategorizedError {
      throw fault(place, error.description)
    }
  }

  // MARK: - Self-test

  private func selfTest() throws -> SelfTest? {
    guard header.metadata["self_test"] != nil else { return nil }
    guard let test = SelfTest(json: try json("self_test")) else {
      throw fault("self_test", "is not of the expected form")
    }
    return test
  }

  private func run(_ test: SelfTest?, on chain: Chain) throws {
    let difference = try located("self_test") { try test?.difference(from: chain) }
    if let difference {
      throw fault("self_test", "\(difference) (the model and this program do not fit together)")
    }
  }
}
