import Pipeline
import Seq
import Tokenize

/// Where a tagger or a forecaster comes from: what can change the result, and what came out.
struct TaskProvenance {
  /// `train tag`.
  let command: String
  /// What is said of the data that were learnt from and judged on.
  let train: JSONObject
  let dev: JSONObject?
  /// What the recipe has beside the network and its training.
  let settings: JSONObject
  let training: TrainingOptions

  /// What must agree for a checkpoint to go on.
  var identity: JSONObject {
    var object = settings
    object["train"] = .object(train)
    object["dev"] = dev.map { .object($0) } ?? .null
    return object
  }

  func information(_ best: EpochReport?) throws -> ModelInformation {
    var object = JSONObject([
      ("command", .string(command)), ("tool", .string("seqtool \(SeqtoolCommand.toolVersion)")),
      ("train", .object(train)),
    ])
    if let dev { object["dev"] = .object(dev) }
    for member in settings.members { object[member.key] = member.value }
    object["training"] = try JSONValue(encoding: training)
    if let best { object["result"] = Self.figures(best) }
    return ModelInformation(
      provenance: .object(object), icuVersion: UnicodeInfo.icuVersion,
      unicodeVersion: UnicodeInfo.unicodeVersion)
  }

  private static func figures(_ report: EpochReport) -> JSONValue {
    func rounded(_ value: Double) -> JSONValue { .double((value * 1e6).rounded() / 1e6) }
    var object = JSONObject([
      ("epoch", .int(report.epoch)), ("train_loss", rounded(report.trainLoss)),
    ])
    for (name, value) in [
      ("dev_loss", report.devLoss), ("dev_accuracy", report.devAccuracy), ("dev_f1", report.devF1),
    ] {
      if let value { object[name] = rounded(value) }
    }
    return .object(object)
  }
}

extension TaggedDataset {
  /// What the provenance says of it.
  var summary: JSONObject {
    JSONObject([
      ("sentences", .int(count)), ("tokens", .int(tokenCount)), ("sha256", .string(digest)),
    ])
  }
}
