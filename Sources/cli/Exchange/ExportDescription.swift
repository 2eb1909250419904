import Pipeline
import Seq
import Tokenize

/// What the weights alone do not say: labels, vocabulary, options, and what is done to text before.
struct ExportDescription {
  let json: JSONValue
  private let labels: JSONValue

  init(of model: LoadedModel, _ classifier: RecurrentClassifier) throws {
    labels = .array(classifier.labels.map(JSONValue.string))
    let stages = try model.chain.stages.map { stage -> JSONValue in
      ["stage": .string(stage.descriptor.id), "options": try stage.options()]
    }
    var object = JSONObject([
      ("format", "seqtool.classifier"), ("format_version", 1), ("labels", labels),
      ("model_sha256", .string(model.sha256)),
      ("network", try JSONValue(encoding: classifier.options)), ("pipeline", .array(stages)),
    ])
    if let vocabulary = model.chain.first(VocabularyStage.self)?.vocabulary {
      object["vocabulary"] = .array(
        (0..<vocabulary.count).map { Self.token(vocabulary.token(Int32($0)) ?? []) })
    }
    json = .object(object)
  }

  /// For an ONNX file's `metadata_props`.
  var onnxMetadata: [String: String] { ["labels": labels.text(), "seqtool": json.text()] }

  /// A text; an array of numbers where the token's bytes are none.
  private static func token(_ bytes: ArraySlice<UInt8>) -> JSONValue {
    String(validating: bytes, as: UTF8.self).map(JSONValue.string)
      ?? .array(bytes.map { .int(Int($0)) })
  }
}
