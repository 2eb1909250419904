/// The step `model` of a plan: the stages of a model file.
struct ModelStep {
  static let name = "model"

  private let file: String
  private let until: PayloadKind?

  init(_ options: JSONObject) throws {
    let known = ["file", "until"]
    for key in options.keys where !known.contains(key) {
      throw PipelineError.unknownOption(stage: Self.name, name: key, known: known)
    }
    guard let file = options["file"]?.stringValue, !file.isEmpty else {
      throw PipelineError.malformedOption(
        stage: Self.name, name: "file", problem: "must be the path of a model file")
    }
    self.file = file
    guard let until = options["until"] else {
      self.until = nil
      return
    }
    self.until = until.stringValue.flatMap(PayloadKind.init)
    if self.until == nil {
      let kinds = PayloadKind.allCases.map(\.rawValue)
      throw PipelineError.malformedOption(
        stage: Self.name, name: "until",
        problem: "cannot be \(Escaping.printable(until.text())) "
          + Nearest.hint(for: until.stringValue ?? "", among: kinds))
    }
  }

  func stages(in registry: Registry) throws -> [AnyStage] {
    let chain = try ModelFile.read(file, registry: registry).chain
    guard let until else { return chain.stages }
    return try chain.prefix(upTo: until, in: file).stages
  }
}

extension Chain {
  /// The stages up to the first that gives payloads of this kind.
  /// - Parameter name: what an error calls the chain.
  /// - Throws: `PipelineError.malformedValue` where none does.
  public func prefix(upTo kind: PayloadKind, in name: String) throws -> Chain {
    guard let last = stages.firstIndex(where: { $0.descriptor.output == kind }) else {
      let kinds = stages.map(\.descriptor.output.rawValue).joined(separator: ", ")
      throw PipelineError.malformedValue(
        "\(Escaping.printable(name)): no stage gives \(kind.rawValue) (there are \(kinds))")
    }
    return try prefix(last + 1)
  }
}
