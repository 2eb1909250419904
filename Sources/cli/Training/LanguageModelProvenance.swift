import Pipeline
import Seq
import Tokenize

/// Where a language model comes from: what can change the result, and what came out.
struct LanguageModelProvenance {
  let recipe: LanguageModelRecipe
  let train: TextCorpus
  let dev: TextCorpus?

  /// What must agree for a checkpoint to go on.
  var identity: JSONObject {
    var object = JSONObject([
      ("unit", .string(recipe.unit.rawValue)), ("train", .string(train.digest)),
    ])
    object["dev"] = dev.map { .string($0.digest) } ?? .null
    return object
  }

  func information(_ best: EpochReport?) throws -> ModelInformation {
    var object = JSONObject([
      ("command", "train lm"), ("tool", .string("seqtool \(SeqtoolCommand.toolVersion)")),
      ("train", Self.summary(train)), ("unit", .string(recipe.unit.rawValue)),
      ("training", try JSONValue(encoding: recipe.training)),
    ])
    if let dev { object["dev"] = Self.summary(dev) }
    if let best {
      var figures = JSONObject([
        ("epoch", .int(best.epoch)), ("train_loss", rounded(best.trainLoss)),
      ])
      if let loss = best.devLoss { figures["dev_loss"] = rounded(loss) }
      object["result"] = .object(figures)
    }
    return ModelInformation(
      provenance: .object(object), icuVersion: UnicodeInfo.icuVersion,
      unicodeVersion: UnicodeInfo.unicodeVersion)
  }

  private static func summary(_ corpus: TextCorpus) -> JSONValue {
    ["records": .int(corpus.text.count), "sha256": .string(corpus.digest)]
  }

  private func rounded(_ value: Double) -> JSONValue { .double((value * 1e6).rounded() / 1e6) }
}
