import Pipeline

/// A loaded model for people and for programs.
struct ModelText {
  private let model: LoadedModel
  private let name: String
  private let options: [JSONValue]

  init(_ model: LoadedModel, name: String) throws {
    self.model = model
    self.name = name
    options = try model.chain.stages.map { try $0.options() }
  }

  /// Paragraphs: identity, stages, tensors, provenance.
  var table: String {
    let identity =
      [
        ["model", name],
        ["sha256", model.sha256],
        ["bytes", "\(model.size)"],
        ["weights", "\(weightCount)"],
        ["format", "\(ModelFile.format) \(model.formatVersion)"],
        ["unicode", "\(model.information.unicodeVersion) (ICU \(model.information.icuVersion))"],
        ["self-test", selfTestText],
      ] + (labels.isEmpty ? [] : [["labels", labels.joined(separator: ", ")]])
    let stages = zip(model.chain.stages, options).enumerated().map { index, stage in
      ["stage \(index)", stage.0.descriptor.id, stage.1.text()]
    }
    let tensors = model.tensors.map {
      ["tensor", $0.name, $0.type.rawValue, "\($0.shape)", String($0.sha256.prefix(16))]
    }
    let provenance = flat(model.information.provenance, path: []).map {
      ["provenance", $0.name, $0.value]
    }
    return [
      leftAligned(identity), leftAligned(stages), leftAligned(tensors), leftAligned(provenance),
    ]
    .joined(separator: "\n")
  }

  var json: JSONValue {
    [
      "model": .string(name), "sha256": .string(model.sha256), "bytes": .int(model.size),
      "weights": .int(weightCount),
      "format": .string(ModelFile.format), "format_version": .int(model.formatVersion),
      "unicode_version": .string(model.information.unicodeVersion),
      "icu_version": .string(model.information.icuVersion),
      "labels": .array(labels.map(JSONValue.string)),
      "self_test": ["records": .int(model.selfTest?.records.count ?? 0), "passed": true],
      "stages": .array(
        zip(model.chain.stages, options).map {
          ["stage": .string($0.descriptor.id), "options": $1]
        }),
      "tensors": .array(
        model.tensors.map {
          [
            "name": .string($0.name), "type": .string($0.type.rawValue),
            "shape": .array($0.shape.map(JSONValue.int)), "stage": .int($0.stage),
            "sha256": .string($0.sha256),
          ]
        }),
      "provenance": model.information.provenance,
    ]
  }

  private var labels: [String] { model.selfTest?.labels ?? [] }

  /// The numbers in the tensors of floats.
  private var weightCount: Int {
    model.tensors.filter { $0.type == .f32 || $0.type == .f64 }.reduce(0) {
      $0 + $1.shape.reduce(1, *)
    }
  }

  /// A model whose self-test fails is refused when it is loaded.
  private var selfTestText: String {
    guard let test = model.selfTest else { return "none" }
    return "passed on \(test.records.count) records"
  }

  private func leftAligned(_ rows: [[String]]) -> String {
    TextTable(rows, numbersRight: false).text
  }

  private func flat(_ value: JSONValue, path: [String]) -> [(name: String, value: String)] {
    guard case .object(let object) = value else {
      return [(path.joined(separator: "."), value.stringValue ?? value.text())]
    }
    return object.members.flatMap { flat($0.value, path: path + [$0.key]) }
  }
}
