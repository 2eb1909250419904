import Pipeline
import Seq
import Tokenize

/// What the weights alone do not say: labels, vocabulary, options, and what is done to text before.
struct ExportDescription {
  let json: JSONValue
  /// Of a classifier of text or images, or a tagger.
  private let labels: JSONValue?

  init(of model: LoadedModel, _ network: any ExchangeableNetwork) throws {
    let classes =
      (network as? RecurrentClassifier)?.labels ?? (network as? LeNet)?.labels
      ?? (network as? RecurrentTagger)?.labels
    labels = classes.map { .array($0.map(JSONValue.string)) }
    let stages = try model.chain.stages.map { stage -> JSONValue in
      ["stage": .string(stage.descriptor.id), "options": try stage.options()]
    }
    let format = Self.format(network)
    var object = JSONObject([("format", .string(format)), ("format_version", 1)])
    object["labels"] = labels
    object["model_sha256"] = .string(model.sha256)
    object["network"] = try Self.options(network)
    object["pipeline"] = .array(stages)
    if let vocabulary = model.chain.first(VocabularyStage.self)?.vocabulary {
      object["vocabulary"] = .array(
        (0..<vocabulary.count).map { Self.token(vocabulary.token(Int32($0)) ?? []) })
    }
    if let characters = model.chain.first(CharacterFeatures.self)?.vocabulary {
      object["characters"] = .array(
        (0..<characters.count).map { Self.token(characters.token(Int32($0)) ?? []) })
    }
    if let forecaster = network as? RecurrentForecaster {
      let standardizer = forecaster.standardizer
      object["columns"] = .array(forecaster.columns.map(JSONValue.string))
      object["mean"] = .array(standardizer.mean.map(JSONValue.double))
      object["deviation"] = .array(standardizer.deviation.map(JSONValue.double))
    }
    json = .object(object)
  }

  private static func format(_ network: any ExchangeableNetwork) -> String {
    switch network {
    case is LeNet: "seqtool.image-classifier"
    case is RecurrentForecaster: "seqtool.forecaster"
    case is RecurrentTagger: "seqtool.tagger"
    case is LanguageModel: "seqtool.language-model"
    default: "seqtool.classifier"
    }
  }

  /// For an ONNX file's `metadata_props`.
  var onnxMetadata: [String: String] {
    var texts = ["seqtool": json.text()]
    texts["labels"] = labels?.text()
    return texts
  }

  private static func options(_ network: some ExchangeableNetwork) throws -> JSONValue {
    try JSONValue(encoding: network.options)
  }

  /// A text; an array of numbers where the token's bytes are none.
  private static func token(_ bytes: ArraySlice<UInt8>) -> JSONValue {
    String(validating: bytes, as: UTF8.self).map(JSONValue.string)
      ?? .array(bytes.map { .int(Int($0)) })
  }
}
