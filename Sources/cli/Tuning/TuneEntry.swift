import Pipeline

/// What training one trial of a search to the end of one rung gave.
struct TuneEntry: Hashable {
  /// From 0; for people, and in files, from 1.
  var trial: Int
  var rung: Int
  /// For how many epochs it has been trained in all.
  var epochs: Int
  var options: JSONObject
  /// The best figures so far on the dev part; none where the training failed.
  var devLoss: Double?
  var devAccuracy: Double?
  /// The F1 of spans, for a tagger whose tags mark spans.
  var devF1: Double?
  /// Why it failed.
  var failure: String?

  init(trial: Int, rung: Int, epochs: Int, options: JSONObject) {
    (self.trial, self.rung, self.epochs, self.options) = (trial, rung, epochs, options)
  }

  /// What a search makes small, as the training itself chooses its epoch: what the F1 of a tagger
  /// lacks, then the loss; none where the training failed.
  var cost: (lackOfF1: Double, loss: Double)? { devLoss.map { (1 - (devF1 ?? 1), $0) } }

  /// Whether a trial did better than another, of equal ones the earlier.
  static func isBetter(_ a: TuneEntry, _ b: TuneEntry) -> Bool {
    guard let first = a.cost, let second = b.cost else {
      return a.cost == nil && b.cost == nil ? a.trial < b.trial : a.cost != nil
    }
    return first == second ? a.trial < b.trial : first < second
  }

  /// - Returns: `nil` where the JSON is not of the form of `json`.
  init?(_ json: JSONValue) {
    guard let trial = json["trial"]?.intValue, let rung = json["rung"]?.intValue,
      let epochs = json["epochs"]?.intValue, let options = json["options"]?.objectValue
    else { return nil }
    self.init(trial: trial - 1, rung: rung - 1, epochs: epochs, options: options)
    devLoss = json["dev_loss"]?.doubleValue
    devAccuracy = json["dev_accuracy"]?.doubleValue
    devF1 = json["dev_f1"]?.doubleValue
    failure = json["failure"]?.stringValue
  }

  var json: JSONValue {
    var object = JSONObject([
      ("trial", .int(trial + 1)), ("rung", .int(rung + 1)), ("epochs", .int(epochs)),
      ("options", .object(options)),
    ])
    object["dev_loss"] = devLoss.map { .double($0) } ?? .null
    object["dev_accuracy"] = devAccuracy.map { .double($0) }
    object["dev_f1"] = devF1.map { .double($0) }
    object["failure"] = failure.map { .string($0) }
    return .object(object)
  }
}
