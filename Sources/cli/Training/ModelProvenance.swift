import Pipeline
import Seq
import Tokenize

/// Where a model comes from: what can change the result, and what came out; never a path, a time,
/// a host or the number of threads.
struct ModelProvenance {
  let parts: TrainingParts
  let training: ClassifierTraining
  let result: ClassifierTraining.Result
  /// The epoch whose weights were kept, or the last one where nothing was judged.
  let best: EpochReport?

  /// The model file.
  func fileBytes() throws -> [UInt8] {
    let information = ModelInformation(
      provenance: try json(), icuVersion: UnicodeInfo.icuVersion,
      unicodeVersion: UnicodeInfo.unicodeVersion)
    return try ModelFile.bytes(
      of: result.chain, information: information,
      selfTest: SelfTest(of: result.chain, records: Self.samples(of: parts.train)))
  }

  /// The texts of the self-test: the first short one of each of the first eight classes.
  private static func samples(of data: LabelledDataset) -> [String] {
    (0..<min(8, data.labelNames.count)).compactMap { label in
      let first = data.labels.indices.first {
        data.labels[$0] == label && (1...100).contains(data.text.range($0).count)
      }
      return first.map(data.text.string)
    }
  }

  private func json() throws -> JSONValue {
    let recipe = result.recipe
    var object = JSONObject([
      ("command", "train classify"), ("tool", .string("seqtool \(SeqtoolCommand.toolVersion)")),
      ("train", Self.summary(parts.train)), ("dev_part", .string(parts.origin)),
      ("unit", .string(recipe.unit.rawValue)),
      ("ngrams", .string(recipe.ngrams.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "none")),
      ("training", try JSONValue(encoding: recipe.training)),
    ])
    if parts.dev.count > 0 { object["dev"] = Self.summary(parts.dev) }
    if let distillation = recipe.distillation {
      object["distillation"] = try JSONValue(encoding: distillation)
    }
    if let best { object["result"] = Self.figures(best) }
    return .object(object)
  }

  private static func summary(_ data: LabelledDataset) -> JSONValue {
    [
      "records": .int(data.count), "labels": .int(data.labelNames.count),
      "sha256": .string(data.digest),
    ]
  }

  private static func figures(_ report: EpochReport) -> JSONValue {
    var object = JSONObject([
      ("epoch", .int(report.epoch)), ("train_loss", rounded(report.trainLoss)),
    ])
    if let loss = report.devLoss { object["dev_loss"] = rounded(loss) }
    if let accuracy = report.devAccuracy { object["dev_accuracy"] = rounded(accuracy) }
    return .object(object)
  }

  private static func rounded(_ value: Double) -> JSONValue {
    .double((value * 1e6).rounded() / 1e6)
  }
}
